import type { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';
import { MalformedMessage } from './malformed';
import type { Coding, Type } from './schema';

export const int8: Type<number> = { read: (from) => from.int8(), write: (to, value) => to.int8(value) };
export const int16: Type<number> = { read: (from) => from.int16(), write: (to, value) => to.int16(value) };
export const int32: Type<number> = { read: (from) => from.int32(), write: (to, value) => to.int32(value) };
export const int64: Type<number> = { read: (from) => from.int64(), write: (to, value) => to.int64(value) };

export const bool: Type<boolean> = {
  read: (from) => from.int8() !== 0,
  write: (to, value) => to.int8(value ? 1 : 0),
};

/** A topic id, as 32 hexadecimal digits. */
export const uuid: Type<string> = {
  read: (from) => from.slice(16).toString('hex'),
  write: (to, value) => to.bytes(Buffer.from(value, 'hex')),
};

/** The id that stands for "none". */
export const noUuid = '0'.repeat(32);

type LengthWidth = 16 | 32;

/** Length of a string, byte field or array: -1 stands for null. Flexible versions code length + 1 as an unsigned varint. */
function readLength(from: ByteReader, coding: Coding, width: LengthWidth): number {
  const length = coding.flexible ? from.uvarint() - 1 : width === 16 ? from.int16() : from.int32();
  if (length < -1 || length > from.remaining) {
    throw new MalformedMessage(`a length of ${length} where ${from.remaining} bytes are left`);
  }
  return length;
}

function writeLength(to: ByteWriter, length: number, coding: Coding, width: LengthWidth): void {
  if (coding.flexible) to.uvarint(length + 1);
  else if (width === 16) to.int16(length);
  else to.int32(length);
}

export const nullableString: Type<string | null> = {
  read(from, coding) {
    const length = readLength(from, coding, 16);
    return length < 0 ? null : from.utf8(length);
  },
  write(to, value, coding) {
    writeLength(to, value === null ? -1 : Buffer.byteLength(value), coding, 16);
    if (value !== null) to.utf8(value);
  },
};

export const string: Type<string> = {
  read: (from, coding) => present(nullableString.read(from, coding), 'string'),
  write: nullableString.write,
};

export const nullableBytes: Type<Buffer | null> = {
  read(from, coding) {
    const length = readLength(from, coding, 32);
    return length < 0 ? null : from.slice(length);
  },
  write(to, value, coding) {
    writeLength(to, value === null ? -1 : value.length, coding, 32);
    if (value !== null) to.bytes(value);
  },
};

export const bytes: Type<Buffer> = {
  read: (from, coding) => present(nullableBytes.read(from, coding), 'byte field'),
  write: nullableBytes.write,
};

/** Record batches. Read as one buffer; written by reference, without a copy. */
export const records: Type<Buffer | null> = {
  read: nullableBytes.read,
  write(to, value, coding) {
    writeLength(to, value === null ? -1 : value.length, coding, 32);
    if (value !== null) to.reference(value);
  },
};

export function nullableArray<Out, In>(of: Type<Out, In>): Type<readonly Out[] | null, readonly In[] | null> {
  return {
    read(from, coding) {
      const length = readLength(from, coding, 32);
      if (length < 0) return null;
      const items: Out[] = [];
      for (let index = 0; index < length; index += 1) items.push(of.read(from, coding));
      return items;
    },
    write(to, value, coding) {
      writeLength(to, value === null ? -1 : value.length, coding, 32);
      if (value !== null) for (const item of value) of.write(to, item, coding);
    },
  };
}

export function array<Out, In>(of: Type<Out, In>): Type<readonly Out[], readonly In[]> {
  const nullable = nullableArray(of);
  return {
    read: (from, coding) => present(nullable.read(from, coding), 'array'),
    write: nullable.write,
  };
}

function present<T>(value: T | null, kind: string): T {
  if (value === null) throw new MalformedMessage(`null where the protocol has a ${kind} that cannot be null`);
  return value;
}
