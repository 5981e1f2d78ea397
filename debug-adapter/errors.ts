import type { Problem, ProblemCode, ProblemFix } from '../protocol/inspection.ts';

/**
 * An error whose message is for the user: what happened, where, what to do. Everything else that is thrown is a defect
 * of this program and is reported as such.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ProblemCode;
  readonly fix: ProblemFix | undefined;

  constructor(code: ProblemCode, message: string, fix?: ProblemFix) {
    super(message);
    this.code = code;
    this.fix = fix;
  }

  toProblem(): Problem {
    const problem: Problem = { code: this.code, severity: 'error', message: this.message };
    if (this.fix) problem.fix = this.fix;
    return problem;
  }
}
