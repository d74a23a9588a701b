import { isFullPoll, nextPoll } from './poll-plan';

const idle = { maxInFlight: 50, held: 0, reserved: 0, openPolls: 0, busy: false, maxPolls: 4 };

describe('poll plan', () => {
  it.each([
    ['one poll of ten while idle', {}, 10],
    ['no second poll while idle', { openPolls: 1, reserved: 10 }, 0],
    ['more polls when busy', { openPolls: 1, reserved: 10, busy: true }, 10],
    ['never more than maxPolls', { openPolls: 4, reserved: 40, busy: true }, 0],
    ['only for free slots', { held: 30, reserved: 17, openPolls: 2, busy: true }, 3],
    ['none without free slots', { held: 50 }, 0],
    ['none when more is held than allowed', { held: 60 }, 0],
    ['a whole small pool at once', { maxInFlight: 4 }, 4],
  ])('asks for %s', (_name, state, size) => {
    expect(nextPoll({ ...idle, ...state })).toBe(size);
  });

  it('thinks ten messages, or the whole pool, worth a call at once', () => {
    expect([isFullPoll(10, 50), isFullPoll(9, 50), isFullPoll(4, 4), isFullPoll(3, 4)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
