import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { before, test } from 'node:test';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import type { IGrammar } from 'vscode-textmate';
import * as wasmparser from 'wasmparser';
import { WasmDisassembler } from 'wasmparser/dist/cjs/WasmDis.js';
import { root } from '../../scripts/paths.ts';

interface Token {
  text: string;
  /** The innermost scope; `source.wat` where the grammar does not know the text. */
  scope: string;
}

let grammar: IGrammar;

before(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(await readFile(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      if (scope !== 'source.wat') return null;
      const file = path.join(root, 'syntaxes/wat.tmLanguage.json');
      return textmate.parseRawGrammar(await readFile(file, 'utf8'), file);
    },
  });
  const loaded = await registry.loadGrammar('source.wat');
  assert.ok(loaded);
  grammar = loaded;
});

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let state = textmate.INITIAL;
  for (const line of text.split('\n')) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      const part = line.slice(startIndex, endIndex);
      if (part.trim() !== '') tokens.push({ text: part.trim(), scope: scopes.at(-1) ?? '' });
    }
  }
  return tokens;
}

/** The scope of a piece of text in its line. */
function scopeOf(line: string, part: string): string {
  const token = tokenize(line).find(({ text }) => text === part);
  assert.ok(token, `${JSON.stringify(part)} is no token of ${line}: ${JSON.stringify(tokenize(line))}`);
  return token.scope.replace(/\.wat$/, '');
}

function unknown(tokens: Token[]): string[] {
  return tokens
    .filter(({ scope }) => scope === 'source.wat' || scope.startsWith('invalid'))
    .map(({ text }) => text);
}

test('knows every word of a real Kotlin/Wasm guest, GC and exception handling included', async () => {
  const reader = new wasmparser.BinaryReader();
  const guest = await readFile(path.join(root, 'examples/greeter/guest.wasm'));
  reader.setData(new Uint8Array(guest).buffer, 0, guest.length);
  const disassembler = new WasmDisassembler();
  disassembler.addOffsets = false;
  const text = disassembler.disassemble(reader);
  for (const instruction of ['struct.new', 'array.new_data', 'ref.cast', 'try_table', 'call_ref', 'throw'])
    assert.match(
      text,
      new RegExp(`\\b${instruction.replace('.', '\\.')}\\b`),
      `the guest has no ${instruction}`,
    );

  const tokens = tokenize(text);
  assert.ok(tokens.length > 50_000, `only ${tokens.length} tokens`);
  assert.deepEqual([...new Set(unknown(tokens))], []);
});

/** wasmparser spells some SIMD instructions as older drafts did. */
const SPELLINGS: Record<string, string> = {
  'v8x16.load_splat': 'v128.load8_splat',
  'v16x8.load_splat': 'v128.load16_splat',
  'v32x4.load_splat': 'v128.load32_splat',
  'v64x2.load_splat': 'v128.load64_splat',
  'i16x8.load8x8_s': 'v128.load8x8_s',
  'i16x8.load8x8_u': 'v128.load8x8_u',
  'i32x4.load16x4_s': 'v128.load16x4_s',
  'i32x4.load16x4_u': 'v128.load16x4_u',
  'i64x2.load32x2_s': 'v128.load32x2_s',
  'i64x2.load32x2_u': 'v128.load32x2_u',
  i8x16_popcnt: 'i8x16.popcnt',
};

test('knows every instruction', () => {
  const names = wasmparser.OperatorCodeNames.filter((name) => name).map((name) => SPELLINGS[name] ?? name);
  assert.ok(names.length > 500);
  const missed = names.filter(
    (name) => !/^(keyword\.control|support\.function)/.test(scopeOf(`    ${name}`, name)),
  );
  assert.deepEqual(missed, []);
});

test('does not take a part of a name for a word', () => {
  assert.equal(scopeOf('local.get $i32.add', '$i32.add'), 'variable.other');
  assert.deepEqual(unknown(tokenize('i32.addx funcs callx 12ab')), ['i32.addx funcs callx 12ab']);
});

test('numbers', () => {
  for (const text of ['0', '+7', '-1_000', '0xFFFF_FFFF', '-0x80000000'])
    assert.equal(scopeOf(`i32.const ${text}`, text), 'constant.numeric.integer', text);
  for (const text of [
    '1.5',
    '2.',
    '-1e10',
    '6.022_140e+23',
    '0x1.8p3',
    '-0x1p-1074',
    '0xA.b',
    'inf',
    '-inf',
    'nan',
    'nan:0x7f_ffff',
  ])
    assert.equal(scopeOf(`f64.const ${text}`, text), 'constant.numeric.float', text);
  assert.equal(scopeOf('(f32.const nan:canonical)', 'nan:canonical'), 'constant.language.nan');
  assert.deepEqual(unknown(tokenize('f64.const 0x')), ['0x']);
});

test('strings and their escapes', () => {
  const line = '(data (i32.const 0) "a\\n\\u{1F600}\\00\\"b\\q" "next")';
  const scopes = tokenize(line).filter(({ scope }) => scope.includes('escape'));
  assert.deepEqual(
    scopes.map(({ text, scope }) => [text, scope.split('.')[0]]),
    [
      ['\\n', 'constant'],
      ['\\u{1F600}', 'constant'],
      ['\\00', 'constant'],
      ['\\"', 'constant'],
      ['\\q', 'invalid'],
    ],
  );
  assert.equal(scopeOf(line, 'next'), 'string.quoted.double');
});

test('comments, nested and over several lines', () => {
  const tokens = tokenize('nop ;; (not code\n(; outer (; inner ;) still\n i32.add ;) drop');
  const code = tokens.filter(({ scope }) => !scope.includes('comment'));
  assert.deepEqual(
    code.map(({ text }) => text),
    ['nop', 'drop'],
  );
  assert.equal(scopeOf('(; a (; b ;) c ;)', 'c'), 'comment.block');
});

test('annotations hold anything', () => {
  const line = '(@custom "name" (after func) "a") nop (@producers)';
  assert.equal(scopeOf(line, '@custom'), 'storage.type.annotation');
  assert.equal(scopeOf(line, 'after func'), 'meta.annotation');
  assert.equal(scopeOf(line, 'nop'), 'keyword.control');
  assert.equal(scopeOf('(@name "x") func', 'func'), 'storage.type.function');
});

test('names say what they name', () => {
  const cases: [string, string, string][] = [
    ['(func $greet (param $size i32)', '$greet', 'entity.name.function'],
    ['(func $greet (param $size i32)', '$size', 'variable.parameter'],
    ['call $greet', '$greet', 'entity.name.function'],
    ['(return_call $"a name")', '$"a name"', 'entity.name.function'],
    ['(type $point (struct (field $x (mut f64))))', '$point', 'entity.name.type'],
    ['(type $point (struct (field $x (mut f64))))', '$x', 'variable.other.member'],
    ['(sub final $base (struct))', '$base', 'entity.other.inherited-class'],
    ['ref.cast (ref null $point)', '$point', 'entity.name.type'],
    ['block $done', '$done', 'entity.name.label'],
    ['br_if $done', '$done', 'entity.name.label'],
    ['(global $counter (mut i32) (i32.const 0))', '$counter', 'entity.name.variable'],
    ['(memory $memory 1)', '$memory', 'entity.name.section'],
    ['(tag $e (param i32))', '$e', 'entity.name.section'],
    ['local.get $x', '$x', 'variable.other'],
  ];
  for (const [line, part, scope] of cases) assert.equal(scopeOf(line, part), scope, line);
});

test('types, memory arguments, module fields and script commands', () => {
  const cases: [string, string, string][] = [
    ['(param v128)', 'v128', 'storage.type.numeric'],
    ['(result externref)', 'externref', 'storage.type.reference'],
    ['(ref null any)', 'any', 'storage.type.reference'],
    ['i8x16.shuffle 0 1', 'i8x16.shuffle', 'support.function.vector'],
    ['v128.const i32x4 1 2 3 4', 'i32x4', 'storage.type.vector'],
    ['i32.atomic.rmw8.cmpxchg_u', 'i32.atomic.rmw8.cmpxchg_u', 'support.function.atomic'],
    ['i32.load offset=0x10 align=4', 'offset', 'keyword.other.memarg'],
    ['i32.load offset=0x10 align=4', '0x10', 'constant.numeric.integer'],
    ['(import "env" "f" (func))', 'import', 'storage.modifier'],
    ['(rec (type (array i8)))', 'rec', 'storage.type'],
    ['(assert_trap (invoke "div") "message")', 'assert_trap', 'keyword.other.script'],
    ['(catch_all_ref $label)', 'catch_all_ref', 'keyword.control'],
  ];
  for (const [line, part, scope] of cases) assert.equal(scopeOf(line, part), scope, line);
});

test('the language configuration matches comments, brackets and words', async () => {
  const configuration = JSON.parse(
    await readFile(path.join(root, 'syntaxes/wat.language-configuration.json'), 'utf8'),
  ) as { comments: { lineComment: string; blockComment: string[] }; wordPattern: string };
  assert.deepEqual(configuration.comments, { lineComment: ';;', blockComment: ['(;', ';)'] });
  const words = '(call $foo.bar i32.add)'.match(new RegExp(configuration.wordPattern, 'g'));
  assert.deepEqual(words, ['call', '$foo.bar', 'i32.add']);
});
