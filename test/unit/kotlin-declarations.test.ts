import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type KotlinDeclaration, readKotlin } from '../../debug-adapter/kotlin/declarations.ts';
import { kotlinFunctionName } from '../../debug-adapter/kotlin/function-names.ts';
import { tokenize } from '../../debug-adapter/kotlin/tokens.ts';

/** `import host.store(ptr: Int, callId: Int) = function at line`. */
function shown({ kind, module, name, function: own, parameters, line }: KotlinDeclaration): string {
  const of = (reference: KotlinDeclaration['name']) =>
    reference === null ? '?' : 'literal' in reference ? reference.literal : `$${reference.constant}`;
  const list = parameters.map((each) => `${each.name}: ${each.type}`).join(', ');
  const qualified = kind === 'import' ? `${of(module)}.${of(name)}` : of(name);
  return `${kind} ${qualified}(${list}) = ${own} at ${line}`;
}
const declared = (source: string) => readKotlin(source).declarations.map(shown);

describe('declarations', () => {
  test('the forum’s form', () => {
    assert.deepEqual(
      declared(`
        import kotlin.wasm.WasmImport
        @WasmImport("host", "callHostToStoreArgumentData")
        external fun callHostToStoreArgumentData(ptr: Int, callId: Int)
      `),
      ['import host.callHostToStoreArgumentData(ptr: Int, callId: Int) = callHostToStoreArgumentData at 4'],
    );
  });

  const forms: [string, string, string[]][] = [
    ['the function’s own name', '@WasmImport("env") external fun tick()', ['import env.tick() = tick at 1']],
    ['an empty name', '@WasmImport("env", "") external fun tick()', ['import env.tick() = tick at 1']],
    [
      'named arguments, in any order',
      '@WasmImport(name = "b", module = "a") external fun f(x: Long)',
      ['import a.b(x: Long) = f at 1'],
    ],
    [
      'the annotation’s whole name, modifiers, and other annotations',
      '@kotlin.wasm.WasmImport("a", "b") @Suppress("UNUSED") @file:Foo internal external inline fun f(x: UInt): Int',
      ['import a.b(x: UInt) = f at 1'],
    ],
    [
      'constants',
      'const val MODULE = "m"\nprivate const val NAME: String = "n"\n@WasmImport(MODULE, Names.NAME) external fun f()',
      ['import $MODULE.$NAME() = f at 3'],
    ],
    ['a name that is computed', '@WasmImport("a" + "b", "c") external fun f()', ['import ?.c() = f at 1']],
    ['a template', '@WasmImport("a$x", "c") external fun f()', ['import ?.c() = f at 1']],
    ['raw strings', '@WasmImport("""a""", """b"c""") external fun f()', ['import a.b"c() = f at 1']],
    ['escapes', '@WasmImport("a\\u0041\\t\\$", "b") external fun f()', ['import aA\t$.b() = f at 1']],
    [
      'backquoted names',
      '@WasmImport("a", "b") external fun `in it`(`is`: Int)',
      ['import a.b(is: Int) = in it at 1'],
    ],
    [
      'parameters over several lines, defaults, a trailing comma',
      '@WasmImport("a", "b")\nexternal fun f(\n  x: Int = g(1, 2), // first\n  vararg @Foo(1) y: kotlin.Int,\n)',
      ['import a.b(x: Int, y: kotlin.Int) = f at 2'],
    ],
    [
      'exports, generic and of a receiver',
      '@WasmExport fun greet(size: Int, callId: Int) {}\n@WasmExport("sum") fun <T> A.total(n: Int) = n',
      ['export greet(size: Int, callId: Int) = greet at 1', 'export sum(n: Int) = total at 2'],
    ],
    [
      'types with commas inside',
      '@WasmExport fun f(a: Map<Int, List<Int>>, b: (Int, Int) -> Int, c: Int) {}',
      ['export f(a: Map<Int,List<Int>>, b: (Int,Int)->Int, c: Int) = f at 1'],
    ],
  ];
  for (const [what, source, expected] of forms) {
    test(what, () => assert.deepEqual(declared(source), expected));
  }

  const decoys: [string, string][] = [
    ['a line comment', '// @WasmImport("a", "b") external fun f()'],
    ['a block comment', '/* @WasmImport("a", "b") external fun f() */'],
    ['a nested block comment', '/* /* */ @WasmImport("a", "b") external fun f() */'],
    ['a string', 'val x = "@WasmImport(\\"a\\", \\"b\\") external fun f()"'],
    ['a raw string', 'val x = """\n@WasmImport("a", "b") external fun f()\n"""'],
    ['a template in a string', 'val x = "${ "}" + "@WasmImport" } @WasmImport(1) external fun f()"'],
    ['a quote in a template', 'val x = "${ \'"\' } @WasmImport(1) external fun f()"'],
    ['a character', 'val quote = \'"\'; // @WasmImport("a") fun f()\nval other = \'"\''],
    ['an annotation on a class', '@WasmImport("a", "b") class X { }\nfun f() {}'],
    ['another annotation', '@MyWasmImport("a", "b") external fun f()'],
    ['an import line', 'import kotlin.wasm.WasmImport\nfun f() {}'],
    ['a comment that never ends', '/* @WasmImport("a", "b") external fun f()'],
    ['a function without a parameter list', '@WasmImport("a", "b") external fun'],
  ];
  for (const [what, source] of decoys) {
    test(`${what} is none`, () => assert.deepEqual(declared(source), []));
  }

  test('what comes after a decoy is still found', () => {
    const source = decoys
      .map(([, decoy]) => decoy)
      .filter((decoy) => !decoy.startsWith('/* @') || decoy.endsWith('*/'));
    source.splice(-1);
    assert.deepEqual(
      declared(`${source.join('\n')}\n@WasmImport("a", "b") external fun real()`).map(
        (each) => each.split(' at ')[0],
      ),
      ['import a.b() = real'],
    );
  });

  test('constants are plain strings only', () => {
    const { constants } = readKotlin(
      'const val A = "a"; const val B = "b" + A; const val C = "c$A"; val D = "d"\nconst val E = 5',
    );
    assert.deepEqual([...constants], [['A', 'a']]);
  });
});

describe('tokens', () => {
  test('no text makes it throw or hang', () => {
    for (const text of ['"', '"""', '"${', '"${"', "'", '`', '/*', '@', '\0\u{1f600}', '"\\u12"', '"a\n"b']) {
      assert(Array.isArray(tokenize(text)), text);
    }
  });
  test('quotes at the end of a raw string are its own', () => {
    assert.deepEqual(
      tokenize('"""a""""').map(({ text }) => text),
      ['a"'],
    );
  });
});

describe('function names', () => {
  const names: [string, string][] = [
    ['demo.greet', 'demo.greet'],
    ['demo.Account.<init>', 'demo.Account (constructor)'],
    ['demo.Account.<get-total>', 'demo.Account.total (getter)'],
    ['demo.Account.<set-total>', 'demo.Account.total (setter)'],
    ['<get-top>', 'top (getter)'],
    ['demo.account$lambda.invoke', 'demo.account (lambda)'],
    [
      'kotlin.collections.AbstractList$removeAll$lambda.<init>',
      'kotlin.collections.AbstractList.removeAll (lambda)',
    ],
    ['demo.Companion_getInstance', 'demo.Companion (object)'],
    ['demo.greet$default', 'demo.greet (default arguments)'],
    ['demo.greet$local', 'demo.greet.local'],
    ['demo.start$slambda.invoke', 'demo.start (lambda)'],
    ['demo.$loadCOROUTINE$.doResume', 'demo.load'],
    ['demo.$invokeCOROUTINE$.doResume', 'demo (lambda)'],
    ['demo.<Metres__<init>-impl>', 'demo.Metres (constructor)'],
    ['demo.Metres__plus-impl', 'demo.Metres.plus'],
    ['demo.<get-lazy>$ref.invoke', 'demo.lazy (reference)'],
    ['demo.lazy$delegate$lambda.invoke', 'demo.lazy (lambda)'],
    ['demo.<no name provided>.add', 'demo.<anonymous>.add'],
  ];
  for (const [name, expected] of names) test(name, () => assert.equal(kotlinFunctionName(name), expected));
});
