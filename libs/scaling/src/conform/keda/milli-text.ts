import { wrapInt64 } from '../../quantity/int64';
import { type Milli } from '../../trigger/milli';

/** A recorded value in thousandths, which stands as decimal text because it may pass 2^53. */
export const asMilli = (text: string): Milli => wrapInt64(BigInt(text));
