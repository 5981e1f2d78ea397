/** What a function of the module is of the Kotlin function or class that it is named after. */
type FunctionKind =
  | 'function'
  | 'state machine'
  | 'lambda'
  | 'getter'
  | 'setter'
  | 'constructor'
  | 'object'
  | 'default arguments'
  | 'reference';

/** A function's name in the name section, taken apart. */
export interface KotlinFunctionName {
  /** With dots: `demo.Account.add`; of a constructor the class, of a getter the property, of a lambda what holds it. */
  name: string;
  kind: FunctionKind;
}

/** How kotlinc writes names (2.3 and 2.4): each pattern's groups, joined by dots, are the Kotlin name. */
const PATTERNS: readonly [RegExp, FunctionKind][] = [
  [/^(.+?)\$s?lambda(?:\$\d+|-\d+)?(?:\.(?:invoke|<init>|doResume))?$/, 'lambda'],
  [/^(.+?)\$ref(?:\$\d+|-\d+)?(?:\.(?:invoke|<init>))?$/, 'reference'],
  [/^(.+\.)?<get-(.+)>$/, 'getter'],
  [/^(.+\.)?<set-(.+)>$/, 'setter'],
  // What a suspending function does: it is gone on with after each suspension.
  [/^(.+\.)?\$(?!invoke)(.+)COROUTINE\$(?:\d+)?\.doResume$/, 'state machine'],
  [/^(.+)\.\$invokeCOROUTINE\$(?:\d+)?\.doResume$/, 'lambda'],
  // Of value classes: what would be methods takes the value itself.
  [/^(.+\.)?<(.+)__<init>-impl>$/, 'constructor'],
  [/^(.+\.)?<(.+)__<get-(.+)>-impl>$/, 'getter'],
  [/^(.+)__(.+)-impl$/, 'function'],
  [/^(.+)\.<init>$/, 'constructor'],
  [/^(.+)_getInstance$/, 'object'],
  [/^(.+)\$default$/, 'default arguments'],
];

/** @param wasmName from the name section: `demo.Account.<get-total>`, `demo.greet$lambda.invoke` */
export function parseFunctionName(wasmName: string): KotlinFunctionName {
  for (const [pattern, kind] of PATTERNS) {
    const parts = pattern.exec(wasmName)?.slice(1);
    if (!parts) continue;
    const name = parts.flatMap((part) => (part ? [part.replace(/\.$/, '')] : [])).join('.');
    // A reference to a getter, a lambda of one: what it is of has a name of its own.
    const inner = kind === 'lambda' || kind === 'reference' ? parseFunctionName(name).name : dotted(name);
    return { name: inner, kind };
  }
  return { name: dotted(wasmName), kind: 'function' };
}

/** A function's name in the name section as a person would say it: `demo.Account.total (getter)`, `demo.greet (lambda)`. */
export function kotlinFunctionName(wasmName: string): string {
  const { name, kind } = parseFunctionName(wasmName);
  return kind === 'function' || kind === 'state machine' ? name : `${name} (${kind})`;
}

/** `Account$add` is what is local to `add` of `Account`; `delegated$delegate` what keeps a property's value. */
function dotted(name: string): string {
  return name
    .replaceAll('<no name provided>', '<anonymous>')
    .replace(/\$delegate$/, '')
    .replace(/(?<=[\p{L}\p{N}_>])\$(?=[\p{L}_])/gu, '.');
}

/** Whether a name in the name section is one of Kotlin's own libraries, or of what the compiler makes. */
export function isLibraryName(wasmName: string): boolean {
  return /^(?:kotlinx?\.|_(?:fieldInitialize|stringLiteral\w*|initializeModule)$)/.test(wasmName);
}
