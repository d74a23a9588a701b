import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import { type BatchHeader, batchHeaderBytes, compressions, crcStart, readBatchHeader } from './batch-header';
import { crc32c } from './crc32c';
import { ByteReader } from '../protocol/byte-reader';
import { MalformedMessage } from '../protocol/malformed';

/**
 * Checks what a producer sent for one partition: exactly one batch, whole, of the current format, with a right CRC.
 * @throws ProtocolError with the code Kafka answers in each case.
 */
export function validateBatch(bytes: Buffer | null, maxMessageBytes: number): BatchHeader {
  if (bytes === null || bytes.length < batchHeaderBytes) {
    throw new ProtocolError(
      ErrorCode.CORRUPT_MESSAGE,
      `a record batch has at least ${batchHeaderBytes} bytes`,
    );
  }
  const header = readBatchHeader(bytes);
  if (header.magic !== 2) {
    throw new ProtocolError(
      ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT,
      `message format ${header.magic} is not served, only record batches (2)`,
    );
  }
  if (header.byteLength < bytes.length && header.byteLength >= batchHeaderBytes) {
    throw new ProtocolError(ErrorCode.INVALID_RECORD, 'one record batch a partition is allowed in a request');
  }
  if (header.byteLength !== bytes.length) {
    throw new ProtocolError(
      ErrorCode.CORRUPT_MESSAGE,
      `the batch says ${header.byteLength} bytes and has ${bytes.length}`,
    );
  }
  if (header.byteLength > maxMessageBytes) {
    throw new ProtocolError(
      ErrorCode.MESSAGE_TOO_LARGE,
      `the batch has ${header.byteLength} bytes, max.message.bytes is ${maxMessageBytes}`,
    );
  }
  if (crc32c(bytes, crcStart) !== header.crc) {
    throw new ProtocolError(ErrorCode.CORRUPT_MESSAGE, 'the CRC of the batch is wrong');
  }
  if (header.compression >= compressions.length) {
    throw new ProtocolError(
      ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
      `compression ${header.compression} is unknown`,
    );
  }
  if (header.logAppendTime) {
    throw new ProtocolError(ErrorCode.INVALID_TIMESTAMP, 'a producer may not send LogAppendTime');
  }
  if (header.control) {
    throw new ProtocolError(ErrorCode.INVALID_RECORD, 'a producer may not send transaction markers');
  }
  if (header.recordCount < 1 || header.lastOffset - header.baseOffset !== header.recordCount - 1) {
    throw new ProtocolError(
      ErrorCode.INVALID_RECORD,
      `the batch says ${header.recordCount} records and a last offset delta of ${header.lastOffset - header.baseOffset}`,
    );
  }
  if (header.compression === 0) walkRecords(bytes, header.recordCount);
  return header;
}

/** The lengths of uncompressed records must fill the batch exactly, or no consumer could read past it. */
function walkRecords(bytes: Buffer, recordCount: number): void {
  const reader = new ByteReader(bytes);
  try {
    reader.skip(batchHeaderBytes);
    for (let left = recordCount; left > 0; left -= 1) reader.skip(reader.varint());
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    throw new ProtocolError(ErrorCode.INVALID_RECORD, `a record runs past its batch: ${error.message}`);
  }
  if (reader.remaining > 0) {
    throw new ProtocolError(
      ErrorCode.INVALID_RECORD,
      `${reader.remaining} bytes follow the last record of the batch`,
    );
  }
}
