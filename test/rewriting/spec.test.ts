import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { atLeast } from '../../wasmedge-napi/test/support/engine.ts';
import { runCommands } from './support/spec-commands.ts';
import { rewriteAll, VARIANTS } from './support/variants.ts';

const corpus = process.env.WASM_CORPUS;

describe('the specification’s tests', { skip: corpus === undefined && 'cargo or pip is missing' }, () => {
  const folder = path.join(corpus ?? '', 'spec');
  const total = { modules: 0, refused: 0, lines: 0 };
  for (const name of corpus === undefined ? [] : readdirSync(folder).sort()) {
    const skip =
      name.endsWith('exceptions-try_table') && !atLeast(16) && 'WasmEdge 0.14 ends at it, rewritten or not';
    test(`do the same when they are rewritten: ${name}`, { skip }, () => {
      const plain = runCommands(path.join(folder, name), (bytes) => ({ bytes, rewritten: null }));
      for (const variant of VARIANTS) {
        const lines = runCommands(path.join(folder, name), (bytes) => {
          const rewritten = rewriteAll(bytes, variant);
          total.modules += 1;
          if (!rewritten) total.refused += 1;
          return { bytes: rewritten?.bytes ?? bytes, rewritten };
        });
        assert.deepEqual(lines, plain, variant);
      }
      total.lines += plain.length;
    });
  }

  test('hold enough to say so', () => {
    assert(total.modules > 2000 && total.lines > 20_000, JSON.stringify(total));
    assert(total.refused < total.modules / 30, JSON.stringify(total));
  });
});
