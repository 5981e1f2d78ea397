/**
 * A function's name in the name section as a person would say it: kotlinc writes `demo.Account.<get-total>`,
 * `demo.greet$lambda.invoke`, `demo.Companion_getInstance`.
 */
export function kotlinFunctionName(wasmName: string): string {
  const property = /^(.*\.)?<(get|set)-(.+)>$/.exec(wasmName);
  if (property) {
    const [, owner = '', accessor, name = ''] = property;
    return `${owner}${name} (${accessor === 'get' ? 'getter' : 'setter'})`;
  }
  const lambda = /^(.+?)\$lambda(?:\$\d+|-\d+)?(?:\.(?:invoke|<init>))?$/.exec(wasmName);
  if (lambda) return `${dotted(lambda[1] ?? '')} (lambda)`;
  const constructed = /^(.+)\.<init>$/.exec(wasmName);
  if (constructed) return `${kotlinFunctionName(constructed[1] ?? '')} (constructor)`;
  const instance = /^(.+)_getInstance$/.exec(wasmName);
  if (instance) return `${dotted(instance[1] ?? '')} (object)`;
  const defaults = /^(.+)\$default$/.exec(wasmName);
  if (defaults) return `${dotted(defaults[1] ?? '')} (default arguments)`;
  return dotted(wasmName);
}

/** `Account$add` is what is local to `add` of `Account`. */
function dotted(name: string): string {
  return name.replace(/(?<=[\p{L}\p{N}_>])\$(?=[\p{L}_])/gu, '.');
}
