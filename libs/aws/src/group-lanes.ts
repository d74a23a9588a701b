/** Work in order inside a FIFO group, side by side across groups. */
export class GroupLanes<Work> {
  private readonly lanes = new Map<string, Work[]>();

  /** @returns whether the work may start now: nothing of its group is under way. */
  enter(group: string, work: Work): boolean {
    const lane = this.lanes.get(group);
    if (!lane) {
      this.lanes.set(group, []);
      return true;
    }
    lane.push(work);
    return false;
  }

  /** The one under way is done: @returns the next of its group, now under way. */
  next(group: string): Work | undefined {
    const work = this.lanes.get(group)?.shift();
    if (!work) this.lanes.delete(group);
    return work;
  }

  /** Takes out all that waits in a group, last first: giving them back in this order keeps the queue's order. */
  abandon(group: string): Work[] {
    return this.lanes.get(group)?.splice(0).reverse() ?? [];
  }

  groups(): string[] {
    return [...this.lanes.keys()];
  }
}
