import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  paginateScan,
  PutItemCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import type { AwsClientSettings } from './client-settings';
import { requestHandler } from './http-agents';
import { marshalItem, unmarshalItem } from './marshal';
import type { TablePort } from './table-port';

/** DynamoDB through the AWS SDK. */
export function connectTables(settings: AwsClientSettings): TablePort & { close(): void } {
  const { maxSockets, ...client } = settings;
  const dynamo = new DynamoDBClient({
    ...client,
    cacheMiddleware: true,
    requestHandler: requestHandler(maxSockets),
  });
  return {
    async putIfAbsent(table, key, item) {
      try {
        await dynamo.send(
          new PutItemCommand({
            TableName: table,
            Item: marshalItem(item),
            ConditionExpression: 'attribute_not_exists(#key)',
            ExpressionAttributeNames: { '#key': key },
          }),
        );
        return 'written';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'exists';
        throw error;
      }
    },
    async putBatch(table, items) {
      const requests = items.map((item) => ({ PutRequest: { Item: marshalItem(item) } }));
      const { UnprocessedItems } = await dynamo.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
      );
      return (UnprocessedItems?.[table] ?? []).flatMap(({ PutRequest }) =>
        PutRequest?.Item ? [unmarshalItem(PutRequest.Item)] : [],
      );
    },
    async get(table, key, value) {
      const command = new GetItemCommand({
        TableName: table,
        Key: { [key]: { S: value } },
        ConsistentRead: true,
      });
      const { Item } = await dynamo.send(command);
      return Item && unmarshalItem(Item);
    },
    async *scan(table, attributes) {
      const names = attributes?.map((name, index) => [`#a${index}`, name] as const);
      const projection = names && {
        ProjectionExpression: names.map(([alias]) => alias).join(', '),
        ExpressionAttributeNames: Object.fromEntries(names),
      };
      const pages = paginateScan(
        { client: dynamo },
        { TableName: table, ConsistentRead: true, ...projection },
      );
      for await (const { Items } of pages) for (const item of Items ?? []) yield unmarshalItem(item);
    },
    async status(table) {
      try {
        const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: table }));
        return Table?.TableStatus === 'ACTIVE' || Table?.TableStatus === 'UPDATING' ? 'active' : 'creating';
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return 'missing';
        throw error;
      }
    },
    async create(table, key) {
      try {
        await dynamo.send(
          new CreateTableCommand({
            TableName: table,
            BillingMode: 'PAY_PER_REQUEST',
            KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
            AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
          }),
        );
      } catch (error) {
        if (!(error instanceof ResourceInUseException)) throw error;
      }
    },
    close: () => dynamo.destroy(),
  };
}
