import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StepKind } from '../../protocol/runner.ts';
import { type CrossingPoint, Stepper } from '../../debug-adapter/runner/stepping.ts';

/** A call with two imports, in the first of which the host makes a nested call; then another call. */
const crossings: (CrossingPoint & { name: string })[] = [
  { name: 'outer begins', at: 'call begin', depth: 1 },
  { name: 'store', at: 'import', depth: 1 },
  { name: 'nest', at: 'import', depth: 1 },
  { name: 'inner begins', at: 'call begin', depth: 2 },
  { name: 'inner store', at: 'import', depth: 2 },
  { name: 'inner ends', at: 'call end', depth: 2 },
  { name: 'return', at: 'import', depth: 1 },
  { name: 'outer ends', at: 'call end', depth: 1 },
  { name: 'next begins', at: 'call begin', depth: 1 },
  { name: 'next ends', at: 'call end', depth: 1 },
];

/** Name of the crossing that ends the step which begins at `from`; null where the guest runs to its end. */
function step(kind: StepKind, from: string): string | null {
  const start = crossings.findIndex(({ name }) => name === from);
  const stepper = new Stepper();
  stepper.begin(kind, crossings[start] ?? { at: 'entry', depth: 1 });
  return crossings.slice(start + 1).find((point) => stepper.stopsAt(point))?.name ?? null;
}

describe('stepping at the boundary', () => {
  it('continue stops nowhere', () => assert.equal(step('continue', 'store'), null));

  it('into goes to the next crossing, whatever it is', () => {
    assert.equal(step('into', 'store'), 'nest');
    assert.equal(step('into', 'nest'), 'inner begins');
    assert.equal(step('into', 'return'), 'outer ends');
  });

  it('over goes to the next crossing of the same call', () => {
    assert.equal(step('over', 'store'), 'nest');
    assert.equal(step('over', 'nest'), 'return');
    assert.equal(step('over', 'inner store'), 'inner ends');
  });

  it('over goes to an outer call at the end of a call', () => {
    assert.equal(step('over', 'inner ends'), 'return');
    assert.equal(step('over', 'outer ends'), 'next begins');
  });

  it('out goes to the end of the call', () => {
    assert.equal(step('out', 'store'), 'outer ends');
    assert.equal(step('out', 'inner store'), 'inner ends');
    assert.equal(step('out', 'outer begins'), 'outer ends');
  });

  it('out at the end of a call goes to the end of the one around it', () => {
    assert.equal(step('out', 'inner ends'), 'outer ends');
    assert.equal(step('out', 'outer ends'), null);
  });

  it('out of _start goes to the first call', () => {
    const stepper = new Stepper();
    stepper.begin('out', { at: 'import', depth: 1 });
    assert.equal(stepper.stopsAt({ at: 'import', depth: 1 }), false);
    assert.equal(stepper.stopsAt({ at: 'call begin', depth: 1 }), true);
  });

  it('is active until the guest just runs on', () => {
    const stepper = new Stepper();
    assert.equal(stepper.active, false);
    stepper.begin('over', { at: 'import', depth: 1 });
    assert.equal(stepper.active, true);
    stepper.begin('continue', { at: 'import', depth: 1 });
    assert.equal(stepper.active, false);
    stepper.begin('out', { at: 'call end', depth: 1 });
    assert.equal(stepper.active, false, 'there is no call around the outermost one');
  });
});
