import { seededRandom } from '@scalelab/testing';
import { MalformedMessage } from '../protocol/malformed';
import { FrameAssembler } from './frame-assembler';

const frame = (body: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
};

describe('frames', () => {
  it('come out whole and in order, however the stream is cut', () => {
    const random = seededRandom(2);
    for (let round = 0; round < 100; round += 1) {
      const bodies = Array.from({ length: 20 }, (_unused, i) => Buffer.alloc(random.int(0, 60), i));
      const stream = Buffer.concat(bodies.map(frame));
      const assembler = new FrameAssembler(1_000);
      const found: Buffer[] = [];
      for (let at = 0; at < stream.length;) {
        const next = Math.min(stream.length, at + random.int(1, 50));
        found.push(...assembler.push(stream.subarray(at, next)));
        at = next;
      }
      expect(found).toEqual(bodies);
    }
  });

  it.each([-1, 1_001])('refuse a length of %i', (length) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(length);
    expect(() => new FrameAssembler(1_000).push(bytes)).toThrow(MalformedMessage);
  });
});
