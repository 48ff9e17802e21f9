/**
 * What is made of a list, made once for each list: facts ask those of a namespace for every workload in it. The list must not change
 * after it was first asked for.
 */
export function onceFor<List extends object, Made>(make: (list: List) => Made): (list: List) => Made {
  const made = new WeakMap<List, { of: Made }>();
  return (list) => {
    const known = made.get(list) ?? { of: make(list) };
    made.set(list, known);
    return known.of;
  };
}
