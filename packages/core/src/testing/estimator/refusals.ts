import { isKindredError } from '../../errors/kindred-error.js';
import { expectThat } from '../check.js';

/** What became of a call: the code of a `KindredError`, the text of any other error, or that there was none. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no error';
  } catch (error) {
    return isKindredError(error) ? error.code : `the error "${String(error)}"`;
  }
}

/** Expects that `call` rejects with one of `codes`. `what` is refused, as in "fit must refuse NaN". */
export async function expectRefusal(
  call: Promise<unknown>,
  { what, codes, fix }: { readonly what: string; readonly codes: readonly string[]; readonly fix: string },
): Promise<void> {
  const seen = await outcomeOf(call);
  expectThat(codes.includes(seen), { expected: `${what} must be refused with ${codes.join(' or ')}.`, seen, fix });
}
