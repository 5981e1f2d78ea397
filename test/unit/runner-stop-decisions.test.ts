import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FromRunner, StopPlan } from '../../protocol/runner.ts';
import type { BoundaryProblem } from '../../debug-adapter/runner/boundary-problems.ts';
import { type Frame, ImportFrame, type PerformedRole } from '../../debug-adapter/runner/frames.ts';
import { Stepper } from '../../debug-adapter/runner/stepping.ts';
import { StopDecider } from '../../debug-adapter/runner/stop-decisions.ts';
import { StopRules } from '../../debug-adapter/runner/stop-rules.ts';

const POINT = { at: 'import', depth: 1 } as const;

function crossing(role: 'storeArgument' | null, problem: BoundaryProblem | null = null): ImportFrame {
  const type = { params: [], results: [] };
  const assigned = role && { role, import: 'host.f', pointer: 0, reason: 'by its name' };
  const frame = new ImportFrame(
    0,
    { module: 'host', name: 'f', type, ...(assigned && { role: assigned }) },
    [],
    null,
  );
  // Only what a decision looks at.
  if (assigned) frame.role = { role: assigned, problem } as PerformedRole;
  return frame;
}

function decider(plan: Partial<StopPlan>): { decide: StopDecider; sent: FromRunner[] } {
  const sent: FromRunner[] = [];
  const rules = new StopRules({ functions: [], filters: [], ...plan }, null, (id, message) => {
    throw new Error(`${id}: ${message}`);
  });
  const scopeOf = (frame: Frame): object => ({ frame, callId: 3 });
  return { decide: new StopDecider(rules, scopeOf, (message) => sent.push(message)), sent };
}

const breakpoint = { id: 9, imports: [0], exports: [5] };
const running = { stepper: new Stepper(), pausing: false };
const problem: BoundaryProblem = {
  code: 'pointer-outside-memory',
  message: 'outside memory',
  address: 7,
  size: 8,
  fatal: true,
};

describe('whether a crossing stops', () => {
  it('passes without rules', () => {
    const { decide } = decider({});
    assert.equal(decide.atImport(crossing('storeArgument'), POINT, running), null);
    assert.equal(decide.watchesImport(crossing('storeArgument')), false);
  });

  it("stops for its role's filter, and for no other", () => {
    const { decide } = decider({ filters: [{ filter: 'storeArgument' }] });
    assert.equal(decide.atImport(crossing('storeArgument'), POINT, running)?.reason, 'storeArgument');
    assert.equal(decide.watchesImport(crossing('storeArgument')), true);
    assert.equal(decide.atImport(crossing(null), POINT, running), null);
  });

  it('stops for the filter of host imports at an import without a role', () => {
    const { decide } = decider({ filters: [{ filter: 'hostImports' }] });
    assert.equal(decide.atImport(crossing(null), POINT, running)?.reason, 'import');
    assert.equal(decide.atImport(crossing('storeArgument'), POINT, running), null);
  });

  it('names the breakpoints that were hit', () => {
    const { decide } = decider({
      functions: [
        breakpoint,
        { ...breakpoint, id: 10, condition: 'callId === 3' },
        { ...breakpoint, id: 11, condition: 'false' },
      ],
      filters: [{ filter: 'storeArgument' }],
    });
    const decision = decide.atImport(crossing('storeArgument'), POINT, running);
    assert.deepEqual(decision, { reason: 'function breakpoint', breakpointIds: [9, 10] });
  });

  it('sends what a log point says, and goes on', () => {
    const { decide, sent } = decider({ functions: [{ ...breakpoint, logMessage: 'call {callId}' }] });
    assert.equal(decide.atImport(crossing(null), POINT, running), null);
    assert.deepEqual(sent, [{ type: 'logpoint', text: 'call 3', breakpointId: 9 }]);
  });

  it('stops where a condition throws, and says why', () => {
    const { decide } = decider({ filters: [{ filter: 'storeArgument', condition: 'nobody' }] });
    const decision = decide.atImport(crossing('storeArgument'), POINT, running);
    assert.equal(decision?.reason, 'storeArgument');
    assert.equal(decision.problem?.code, 'condition-failed');
    assert.match(decision.problem.message, /“nobody” threw ReferenceError/);
    assert.equal(decide.atImport(crossing('storeArgument'), POINT, running), null);
  });

  it('reports a problem at the stop that its role has', () => {
    const { decide } = decider({ filters: [{ filter: 'storeArgument' }] });
    const decision = decide.atImport(crossing('storeArgument', problem), POINT, running);
    const { fatal, ...told } = problem;
    assert.equal(fatal, true);
    assert.deepEqual(decision, { reason: 'boundary problem', breakpointIds: [], problem: told });
  });

  it('reports a problem where traps stop, although its role does not', () => {
    const { decide } = decider({ filters: [{ filter: 'traps' }] });
    assert.equal(
      decide.atImport(crossing('storeArgument', problem), POINT, running)?.reason,
      'boundary problem',
    );
    assert.equal(decide.atImport(crossing('storeArgument'), POINT, running), null);
  });

  it('lets a problem pass where nothing stops', () => {
    assert.equal(decider({}).decide.atImport(crossing('storeArgument', problem), POINT, running), null);
  });

  it('stops for a step, and for a pause', () => {
    const { decide } = decider({});
    const stepper = new Stepper();
    stepper.begin('into', POINT);
    assert.equal(decide.atImport(crossing(null), POINT, { stepper, pausing: true })?.reason, 'step');
    assert.equal(decide.atImport(crossing(null), POINT, { ...running, pausing: true })?.reason, 'pause');
    assert.equal(
      decide.atCallEnd({ at: 'call end', depth: 1 }, { ...running, pausing: true })?.reason,
      'pause',
    );
  });

  it('stops before an export that has a breakpoint', () => {
    const { decide } = decider({ functions: [breakpoint] });
    const point = { at: 'call begin', depth: 1 } as const;
    assert.deepEqual(decide.atCallBegin(5, crossing(null), point, running), {
      reason: 'function breakpoint',
      breakpointIds: [9],
    });
    assert.equal(decide.atCallBegin(4, crossing(null), point, running), null);
    assert.equal(decide.watchesExport(5), true);
  });
});
