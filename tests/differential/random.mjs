// Numbers that look random and depend on a seed alone, and the choices made of them.

/** A generator (mulberry32) with its choices. */
export function randomOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = count => Math.floor(next() * count);
  const pick = list => list[below(list.length)];
  return {
    next,
    below,
    pick,
    chance: share => next() < share,
    some: (list, count) => Array.from({length: count}, () => pick(list)),
    /** One of `[weight, value]` pairs. */
    weighted(pairs) {
      let left = next() * pairs.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of pairs) if ((left -= weight) < 0) return value;
      return pairs.at(-1)[1];
    },
  };
}
