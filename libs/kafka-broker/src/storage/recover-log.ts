import { mkdirSync } from 'node:fs';
import { BrokerError } from '../broker-error';
import type { Logger } from '../logger';
import { batchByteLength, batchHeaderBytes, crcStart, readBatchHeader } from '../records/batch-header';
import { crc32c } from '../records/crc32c';
import { isCommitMarker, type LogLimits, PartitionLog } from './partition-log';
import { Segment } from './segment';
import { SegmentFile } from './segment-file';

/**
 * Opens the log in `folder`, made when missing. A batch cut short by a kill can only be the last one: it was never answered,
 * and is cut off. Producers and open transactions are learnt again from the batches.
 * @throws BrokerError `DataDirCorrupt` when a batch before the last segment's end is damaged.
 */
export function recoverLog(folder: string, limits: LogLimits, nowMs: number, logger: Logger): PartitionLog {
  mkdirSync(folder, { recursive: true });
  const files = SegmentFile.list(folder);
  const segments = files.map((file, index) => {
    const next = files[index + 1];
    return recoverSegment(file, limits, next?.baseOffset, logger);
  });
  const log = new PartitionLog(limits, folder, segments);
  for (const segment of segments) {
    for (const { bytes } of segment.batches()) {
      const header = readBatchHeader(bytes);
      if (header.producerId < 0) continue;
      log.producers.note(header, header.baseOffset, nowMs);
      log.transactions.note(header, header.baseOffset, isCommitMarker(header, bytes));
    }
  }
  return log;
}

function recoverSegment(
  file: SegmentFile,
  limits: LogLimits,
  nextBaseOffset: number | undefined,
  logger: Logger,
): Segment {
  const bytes = file.read();
  const segment = new Segment(file.baseOffset, limits.segmentBytes, file, bytes);
  for (let position = 0; position < bytes.length; position = segment.size) {
    const problem = batchProblem(bytes, position, segment.nextOffset);
    if (problem !== undefined) {
      if (nextBaseOffset !== undefined) {
        throw new BrokerError('DataDirCorrupt', `${file.path} is damaged at byte ${position}: ${problem}`);
      }
      logger.warn(
        { file: file.path, position, cut: bytes.length - position, problem },
        'log cut at a torn batch',
      );
      file.truncate(position);
      break;
    }
    const header = readBatchHeader(bytes, position);
    segment.adopt(header.byteLength, header.baseOffset, header.lastOffset, header.maxTimestamp);
  }
  if (nextBaseOffset !== undefined && segment.nextOffset !== nextBaseOffset) {
    throw new BrokerError(
      'DataDirCorrupt',
      `${file.path} ends before offset ${segment.nextOffset}, the next file begins at ${nextBaseOffset}`,
    );
  }
  return segment;
}

function batchProblem(bytes: Buffer, position: number, expectedOffset: number): string | undefined {
  const byteLength = batchByteLength(bytes, position);
  if (byteLength === undefined || byteLength < batchHeaderBytes || position + byteLength > bytes.length) {
    return 'the batch is not whole';
  }
  const header = readBatchHeader(bytes, position);
  if (header.baseOffset !== expectedOffset)
    return `offset ${header.baseOffset} where ${expectedOffset} is next`;
  if (crc32c(bytes, position + crcStart, position + byteLength) !== header.crc) return 'the CRC is wrong';
  return undefined;
}
