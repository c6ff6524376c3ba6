/**
 * Asks `source` for up to `ahead` values before they are wanted, so that it works while the consumer does. Order is kept;
 * a failure comes in its turn.
 */
export async function* prefetch<T>(source: AsyncGenerator<T>, ahead: number): AsyncGenerator<T> {
  const asked: Promise<IteratorResult<T>>[] = [];
  const ask = () => {
    const next = source.next();
    next.catch(() => undefined);
    asked.push(next);
  };
  try {
    for (let i = 0; i < ahead; i++) ask();
    for (;;) {
      ask();
      const result = await (asked.shift() as Promise<IteratorResult<T>>);
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    await source.return(undefined);
    await Promise.allSettled(asked);
  }
}
