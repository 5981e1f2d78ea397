import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeFrame, encodeMessage, FrameReader } from '../../debug-adapter/runner/frame-stream.ts';
import { FRAME_JSON, FRAME_RECORDS } from '../../protocol/runner.ts';

function read(chunks: Buffer[]): [number, string][] {
  const frames: [number, string][] = [];
  const reader = new FrameReader((type, payload) => frames.push([type, payload.toString()]));
  for (const chunk of chunks) reader.push(chunk);
  return frames;
}

describe('frames of the control channel', () => {
  const stream = Buffer.concat([
    encodeMessage({ a: 1 }),
    encodeFrame(FRAME_RECORDS, Buffer.from('records')),
    encodeFrame(FRAME_RECORDS, Buffer.alloc(0)),
    encodeMessage('ü'),
  ]);
  const frames = [
    [FRAME_JSON, '{"a":1}'],
    [FRAME_RECORDS, 'records'],
    [FRAME_RECORDS, ''],
    [FRAME_JSON, '"ü"'],
  ];

  it('are read from one chunk', () => assert.deepEqual(read([stream]), frames));
  for (const size of [1, 3, 4, 5, 7, 13]) {
    it(`are read from chunks of ${size} bytes`, () => {
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
        stream.subarray(i * size, (i + 1) * size),
      );
      assert.deepEqual(read(chunks), frames);
    });
  }
  it('have a length that can be', () => {
    assert.throws(() => read([Buffer.from([0, 0, 0, 0, 0])]), /A frame of 0 bytes/);
    assert.throws(() => read([Buffer.from('HTTP/1.1 400')]), /A frame of/);
  });
});
