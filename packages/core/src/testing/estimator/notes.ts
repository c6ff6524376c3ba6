import type { Fitted } from '../../plugin/contract.js';
import { expectThat } from '../check.js';

/** Notes are read by people. */
export function expectNotes({ notes = [] }: Pick<Fitted, 'notes'>): void {
  const odd = notes.find((note) => typeof note !== 'string' || !/^\S.*[.!?]$/s.test(note));
  expectThat(odd === undefined, {
    expected: 'notes must be whole sentences.',
    seen: JSON.stringify(odd),
    fix: 'End each with a full stop, and leave notes out if there is nothing to say.',
  });
}
