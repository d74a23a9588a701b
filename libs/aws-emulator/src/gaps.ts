/** Operations that clients may ask for and this emulator does not have: each is refused by name. */
const sqs = ['AddPermission', 'CancelMessageMoveTask', 'ListDeadLetterSourceQueues', 'ListMessageMoveTasks'];
const sqsMore = ['RemovePermission', 'StartMessageMoveTask'];

const dynamo = [
  'BatchExecuteStatement',
  'CreateBackup',
  'DescribeContinuousBackups',
  'DescribeStream',
  'ExecuteStatement',
  'ExecuteTransaction',
  'ExportTableToPointInTime',
  'GetRecords',
  'GetShardIterator',
  'RestoreTableFromBackup',
  'TransactGetItems',
  'TransactWriteItems',
  'UpdateTimeToLive',
];

export const gaps = { sqs: [...sqs, ...sqsMore] as readonly string[], dynamo: dynamo as readonly string[] };

/** The sentence of a refusal. It names the operation, so that the reader knows that the call was right and the emulator is small. */
export function gapMessage(service: 'SQS' | 'DynamoDB', operation: string): string {
  return (
    `${operation} is not implemented by this ${service} emulator; ` +
    'the README of libs/aws-emulator lists its gaps. Use AWS itself for this call.'
  );
}
