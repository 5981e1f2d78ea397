import type { WebviewRequest } from '../../protocol/webview.ts';
import { type Answer, isNamed, type RequestNamed } from './answers.ts';
import type { Comparisons } from './comparisons.ts';

const REQUESTS = [
  'requestCompared',
  'requestComparedBytes',
  'requestDifferenceCount',
  'requestDifference',
  'requestLedgerComparison',
  'requestLedgerDifferences',
] as const satisfies WebviewRequest['type'][];

type ComparisonRequest = RequestNamed<(typeof REQUESTS)[number]>;

/** Whether a request is about buffers or sessions that are compared. */
export function isAboutComparison(request: WebviewRequest): request is ComparisonRequest {
  return isNamed(REQUESTS, request);
}

/** Rejects with a sentence where what is compared cannot be had. */
export async function answerAboutComparison(
  comparisons: Comparisons,
  request: ComparisonRequest,
): Promise<Answer> {
  switch (request.type) {
    case 'requestCompared': {
      const { id: comparison, sides } = await comparisons.compare(request.targets);
      return { type: 'answerCompared', comparison, sides };
    }
    case 'requestComparedBytes': {
      const { comparison, side, start, count } = request;
      const bytes = await comparisons.pair(comparison).bytes(side, start, count);
      return { type: 'answerComparedBytes', bytes };
    }
    case 'requestDifferenceCount': {
      const count = await comparisons.pair(request.comparison).count();
      return { type: 'answerDifferenceCount', count };
    }
    case 'requestDifference': {
      const { comparison, from, backwards } = request;
      const range = await comparisons.pair(comparison).difference(from, backwards);
      return { type: 'answerDifference', range };
    }
    case 'requestLedgerComparison': {
      const comparison = await comparisons.compareWith(request.session);
      return { type: 'answerLedgerComparison', comparison };
    }
    case 'requestLedgerDifferences': {
      const { start, count } = request;
      return { type: 'answerLedgerDifferences', differences: comparisons.differences(start, count) };
    }
  }
}
