import type { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { MalformedMessage } from './malformed';

/** How one message is coded: its version, and whether that version is "flexible" (compact lengths, tagged fields; KIP-482). */
export interface Coding {
  readonly version: number;
  readonly flexible: boolean;
}

/** A type of the protocol. Reading gives `Out`; writing takes `In`, where fields with a default may be left out. */
export interface Type<Out, In = Out> {
  read(from: ByteReader, coding: Coding): Out;
  write(to: ByteWriter, value: In, coding: Coding): void;
}

/** A struct's field that exists in some versions only, or may be left out when writing. */
export interface Field<Out, In = Out> extends Type<Out, In> {
  readonly since: number;
  readonly until: number;
  /** The value where the version has no such field, or the writer gives none. */
  readonly fallback: Out & In;
  /** Tag number of a field in the tagged section. */
  readonly tag: number | undefined;
}

type AnyType = Type<unknown, never>;
type Fields = Readonly<Record<string, AnyType>>;

export type Decoded<T> = T extends { read(from: ByteReader, coding: Coding): infer Out } ? Out : never;
export type Encodable<T> = T extends { write(to: ByteWriter, value: infer In, coding: Coding): void }
  ? In
  : never;

type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly fallback: unknown } ? K : never;
}[keyof F];

export type DecodedStruct<F extends Fields> = { readonly [K in keyof F]: Decoded<F[K]> };
export type EncodableStruct<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Encodable<F[K]>;
} & { readonly [K in OptionalKeys<F>]?: Encodable<F[K]> | undefined };

const always = 32_767;

/** A field of versions `since` and later. */
export function from<Out, In>(since: number, type: Type<Out, In>, fallback: Out & In): Field<Out, In> {
  return between(since, always, type, fallback);
}

/** A field of versions up to `until`. */
export function upTo<Out, In>(until: number, type: Type<Out, In>, fallback: Out & In): Field<Out, In> {
  return between(0, until, type, fallback);
}

export function between<Out, In>(
  since: number,
  until: number,
  type: Type<Out, In>,
  fallback: Out & In,
): Field<Out, In> {
  return { read: type.read, write: type.write, since, until, fallback, tag: undefined };
}

/** A field of the tagged section of flexible versions from `since` on; not written when left out. */
export function tagged<Out, In>(
  tag: number,
  since: number,
  type: Type<Out, In>,
  fallback: Out & In,
): Field<Out, In> {
  return { read: type.read, write: type.write, since, until: always, fallback, tag };
}

interface Entry {
  readonly name: string;
  readonly type: AnyType & Partial<Field<unknown, never>>;
}

interface Plan {
  readonly plain: readonly Entry[];
  readonly tagged: readonly Entry[];
  readonly absent: readonly Entry[];
}

function planFor(entries: readonly Entry[], version: number): Plan {
  const here = ({ type }: Entry) => (type.since ?? 0) <= version && version <= (type.until ?? always);
  return {
    plain: entries.filter((entry) => here(entry) && entry.type.tag === undefined),
    tagged: entries.filter((entry) => here(entry) && entry.type.tag !== undefined),
    absent: entries.filter((entry) => !here(entry)),
  };
}

/** A struct with the given fields in the order of the wire. */
export function struct<F extends Fields>(fields: F): Type<DecodedStruct<F>, EncodableStruct<F>> {
  const entries: readonly Entry[] = Object.entries(fields).map(([name, type]) => ({ name, type }));
  const plans: Plan[] = [];
  const plan = (version: number): Plan => (plans[version] ??= planFor(entries, version));
  return {
    read(reader, coding) {
      const { plain, tagged: optional, absent } = plan(coding.version);
      const value: Record<string, unknown> = {};
      for (const { name, type } of plain) value[name] = type.read(reader, coding);
      for (const { name, type } of absent) value[name] = type.fallback;
      for (const { name, type } of optional) value[name] = type.fallback;
      if (coding.flexible) readTagged(reader, coding, optional, value);
      return value as DecodedStruct<F>;
    },
    write(writer, input, coding) {
      const { plain, tagged: optional } = plan(coding.version);
      const values = input as Readonly<Record<string, unknown>>;
      for (const { name, type } of plain) {
        type.write(writer, (values[name] === undefined ? type.fallback : values[name]) as never, coding);
      }
      if (coding.flexible) writeTagged(writer, coding, optional, values);
    },
  };
}

function readTagged(
  reader: ByteReader,
  coding: Coding,
  known: readonly Entry[],
  value: Record<string, unknown>,
): void {
  const count = reader.uvarint();
  for (let index = 0; index < count; index += 1) {
    const tag = reader.uvarint();
    const size = reader.uvarint();
    const entry = known.find((candidate) => candidate.type.tag === tag);
    if (!entry) {
      reader.skip(size);
      continue;
    }
    const before = reader.remaining;
    value[entry.name] = entry.type.read(reader, coding);
    if (before - reader.remaining !== size) {
      throw new MalformedMessage(`tagged field ${entry.name} says ${size} bytes and has others`);
    }
  }
}

function writeTagged(
  writer: ByteWriter,
  coding: Coding,
  known: readonly Entry[],
  values: Readonly<Record<string, unknown>>,
): void {
  const given = known.filter(({ name }) => values[name] !== undefined);
  writer.uvarint(given.length);
  for (const { name, type } of given) {
    const body = new ByteWriter();
    type.write(body, values[name] as never, coding);
    writer.uvarint(type.tag ?? 0);
    writer.uvarint(body.length);
    for (const part of body.finish()) writer.bytes(part);
  }
}
