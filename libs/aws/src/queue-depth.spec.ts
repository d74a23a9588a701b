import { queueDepth } from './queue-depth';

describe('queue depth', () => {
  it('reads the three counts apart, since a trigger may leave out those in flight', () => {
    const attributes = {
      ApproximateNumberOfMessages: '120',
      ApproximateNumberOfMessagesNotVisible: '7',
      ApproximateNumberOfMessagesDelayed: '3',
      VisibilityTimeout: '30',
    };
    expect(queueDepth(attributes)).toEqual({ visible: 120, inFlight: 7, delayed: 3 });
  });

  it('counts what is absent or no number as 0', () => {
    expect(queueDepth({ ApproximateNumberOfMessages: 'many' })).toEqual({
      visible: 0,
      inFlight: 0,
      delayed: 0,
    });
  });
});
