/** What is said of a breakpoint that is set before there is anything to bind it to. */
export const NOT_LOADED = 'Not bound yet: the guest has not been loaded.';

/**
 * Breakpoints that replace others: one at the place of a former one keeps its id, so that a client knows it again.
 *
 * @param isSame whether both are at the same place
 */
export function keepIds<Requested extends object, Former extends { id: number }>(
  requested: readonly Requested[],
  former: readonly Former[],
  isSame: (one: Former, other: Requested) => boolean,
  newId: () => number,
): (Requested & { id: number })[] {
  const left = [...former];
  return requested.map((each) => {
    const known = left.findIndex((one) => isSame(one, each));
    const [kept] = known < 0 ? [] : left.splice(known, 1);
    return { ...each, id: kept?.id ?? newId() };
  });
}
