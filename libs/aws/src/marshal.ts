import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AwsError } from './aws-error';
import type { Item, ItemValue } from './table-port';

/** An item in DynamoDB's JSON. @throws AwsError BadItem for a value that DynamoDB has no type for, naming its place. */
export function marshalItem(item: Item): Record<string, AttributeValue> {
  const marshalled: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item)) marshalled[name] = marshal(value, name);
  return marshalled;
}

export function unmarshalItem(item: Record<string, AttributeValue>): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, unmarshal(value)]));
}

function marshal(value: ItemValue, at: string): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) {
    return {
      L: (value as readonly ItemValue[]).map((element, index) => marshal(element, `${at}[${index}]`)),
    };
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value as Item);
    return { M: Object.fromEntries(entries.map(([name, inner]) => [name, marshal(inner, `${at}.${name}`)])) };
  }
  throw new AwsError(
    'BadItem',
    `${at} is ${String(value)}; allowed: strings, finite numbers, booleans, null, lists and maps`,
  );
}

function unmarshal(value: AttributeValue): ItemValue {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map(unmarshal);
  if (value.M !== undefined) return unmarshalItem(value.M);
  if (value.SS !== undefined) return value.SS;
  if (value.NS !== undefined) return value.NS.map(Number);
  return null;
}
