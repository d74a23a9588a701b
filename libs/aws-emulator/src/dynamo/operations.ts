import batchGetItem from 'dynalite/actions/batchGetItem';
import batchWriteItem from 'dynalite/actions/batchWriteItem';
import createTable from 'dynalite/actions/createTable';
import deleteItem from 'dynalite/actions/deleteItem';
import deleteTable from 'dynalite/actions/deleteTable';
import describeTable from 'dynalite/actions/describeTable';
import describeTimeToLive from 'dynalite/actions/describeTimeToLive';
import getItem from 'dynalite/actions/getItem';
import listTables from 'dynalite/actions/listTables';
import putItem from 'dynalite/actions/putItem';
import query from 'dynalite/actions/query';
import scan from 'dynalite/actions/scan';
import tagResource from 'dynalite/actions/tagResource';
import untagResource from 'dynalite/actions/untagResource';
import listTagsOfResource from 'dynalite/actions/listTagsOfResource';
import updateItem from 'dynalite/actions/updateItem';
import updateTable from 'dynalite/actions/updateTable';
import * as batchGetItemRules from 'dynalite/validations/batchGetItem';
import * as batchWriteItemRules from 'dynalite/validations/batchWriteItem';
import * as createTableRules from 'dynalite/validations/createTable';
import * as deleteItemRules from 'dynalite/validations/deleteItem';
import * as deleteTableRules from 'dynalite/validations/deleteTable';
import * as describeTableRules from 'dynalite/validations/describeTable';
import * as describeTimeToLiveRules from 'dynalite/validations/describeTimeToLive';
import * as getItemRules from 'dynalite/validations/getItem';
import * as listTablesRules from 'dynalite/validations/listTables';
import * as putItemRules from 'dynalite/validations/putItem';
import * as queryRules from 'dynalite/validations/query';
import * as scanRules from 'dynalite/validations/scan';
import * as tagResourceRules from 'dynalite/validations/tagResource';
import * as untagResourceRules from 'dynalite/validations/untagResource';
import * as listTagsOfResourceRules from 'dynalite/validations/listTagsOfResource';
import * as updateItemRules from 'dynalite/validations/updateItem';
import * as updateTableRules from 'dynalite/validations/updateTable';
import type { Store } from 'dynalite/db';

interface Operation {
  readonly run: (store: Store, data: object, done: (error: unknown, result?: unknown) => void) => void;
  readonly rules: { readonly types: object; readonly custom: unknown };
}

/** What dynalite implements, by the operation's name on the wire. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['BatchGetItem', { run: batchGetItem, rules: batchGetItemRules }],
  ['BatchWriteItem', { run: batchWriteItem, rules: batchWriteItemRules }],
  ['CreateTable', { run: createTable, rules: createTableRules }],
  ['DeleteItem', { run: deleteItem, rules: deleteItemRules }],
  ['DeleteTable', { run: deleteTable, rules: deleteTableRules }],
  ['DescribeTable', { run: describeTable, rules: describeTableRules }],
  ['DescribeTimeToLive', { run: describeTimeToLive, rules: describeTimeToLiveRules }],
  ['GetItem', { run: getItem, rules: getItemRules }],
  ['ListTables', { run: listTables, rules: listTablesRules }],
  ['PutItem', { run: putItem, rules: putItemRules }],
  ['Query', { run: query, rules: queryRules }],
  ['Scan', { run: scan, rules: scanRules }],
  ['TagResource', { run: tagResource, rules: tagResourceRules }],
  ['UntagResource', { run: untagResource, rules: untagResourceRules }],
  ['ListTagsOfResource', { run: listTagsOfResource, rules: listTagsOfResourceRules }],
  ['UpdateItem', { run: updateItem, rules: updateItemRules }],
  ['UpdateTable', { run: updateTable, rules: updateTableRules }],
]);
