import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { transcribe } from './support/transcript.ts';
import { rewriteAll, VARIANTS } from './support/variants.ts';

const corpus = process.env.WASM_CORPUS;

describe('generated modules', { skip: corpus === undefined && 'cargo or pip is missing' }, () => {
  const folder = path.join(corpus ?? '', 'smith');
  const names = corpus === undefined ? [] : readdirSync(folder).sort();
  for (const variant of VARIANTS) {
    test(`do the same with ${variant}`, () => {
      let compared = 0;
      for (const name of names) {
        const bytes = new Uint8Array(readFileSync(path.join(folder, name)));
        const run = { values: [1], costLimit: 300_000n };
        const plain = transcribe({ ...run, bytes });
        const rewritten = plain && rewriteAll(bytes, variant);
        if (!rewritten) continue;
        const result = transcribe({ ...run, costLimit: 20_000_000n, bytes: rewritten.bytes, rewritten });
        assert.deepEqual(result?.lines.slice(0, plain.lines.length), plain.lines, name);
        if (plain.lines.length > 1) compared += 1;
      }
      assert(compared > 80, `only ${compared} modules ran`);
    });
  }
});
