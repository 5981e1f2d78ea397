import type { WebviewRequest } from '../../protocol/webview.ts';
import { type Answer, isNamed, type RequestNamed } from './answers.ts';
import type { Snapshot } from './snapshot.ts';

/** Longest text that is edited in the view, in UTF-16 code units. */
const MOST_EDITED = 256 * 1024;

const REQUESTS = [
  'requestBytes',
  'requestText',
  'requestTree',
  'requestCrossings',
  'requestBuffers',
  'requestWholeText',
  'requestFind',
  'requestNodeAt',
  'requestDecoded',
] as const satisfies WebviewRequest['type'][];

type HeldCallRequest = RequestNamed<(typeof REQUESTS)[number]>;

/** Whether a request is about the contents of a call that the view has. */
export function isAboutHeldCall(request: WebviewRequest): request is HeldCallRequest {
  return isNamed(REQUESTS, request);
}

/** Parts of a call's contents, as the view comes to see them. Rejects with a sentence where there is no such buffer. */
export async function answerAboutHeldCall(call: Snapshot, request: HeldCallRequest): Promise<Answer> {
  switch (request.type) {
    case 'requestCrossings':
      return { type: 'answerCrossings', crossings: call.crossings(request.start, request.count) };
    case 'requestBuffers':
      return { type: 'answerBuffers', buffers: call.buffers(request.start, request.count) };
  }
  const buffer = call.buffer(request.direction);
  switch (request.type) {
    case 'requestBytes': {
      const { start, count, original } = request;
      const bytes = original ? buffer.originalBytes(start, count) : await buffer.bytes(start, count);
      return { type: 'answerBytes', bytes };
    }
    case 'requestText': {
      const { columns, start, count } = request;
      return { type: 'answerText', ...(await buffer.textRows(columns, start, count)) };
    }
    case 'requestTree': {
      const nodes = await buffer.children(request.path, request.start, request.count);
      return { type: 'answerTree', nodes };
    }
    case 'requestWholeText': {
      const { textLength } = buffer;
      if (textLength > MOST_EDITED)
        throw new Error(
          `The text has ${textLength} characters: too many to be edited here. Change its bytes.`,
        );
      return { type: 'answerWholeText', text: await buffer.text() };
    }
    case 'requestFind':
      return { type: 'answerFind', found: await buffer.find(request) };
    case 'requestNodeAt':
      return { type: 'answerNodeAt', path: await buffer.nodeAt(request.range) };
    case 'requestDecoded':
      return { type: 'answerDecoded', buffer: await buffer.decodeWhole() };
  }
}
