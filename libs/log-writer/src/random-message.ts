const subjects = [
  'Order',
  'Payment',
  'Shipment',
  'Invoice',
  'Customer record',
  'Stock level',
  'Report',
  'Session',
];
const events = [
  'was accepted',
  'was validated',
  'was stored',
  'was forwarded to accounting',
  'needed a second attempt',
  'was matched with its duplicate',
  'expired before it was confirmed',
  'was put on hold for review',
];
const levels = ['INFO', 'INFO', 'INFO', 'DEBUG', 'WARN'];

/** A line as a business application would log it. `random` gives numbers from 0 up to, not including, 1. */
export function randomMessage(random: () => number): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] as string;
  const reference = Math.floor(random() * 0x1000000)
    .toString(16)
    .padStart(6, '0');
  return `${pick(levels)} ${pick(subjects)} ${reference} ${pick(events)}`;
}
