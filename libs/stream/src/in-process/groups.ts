/** A consumer, as its group sees it. */
export interface Member {
  readonly topic: string;
  assign(partitions: readonly number[]): void;
}

/** Shares the partitions of each topic among the members of each group, in the order in which they joined. */
export class Groups {
  private readonly members = new Map<string, Member[]>();

  constructor(private readonly partitionsOf: (topic: string) => readonly number[]) {}

  join(group: string, member: Member): void {
    const members = this.members.get(group) ?? [];
    this.members.set(group, members);
    members.push(member);
    this.share(members, member.topic);
  }

  leave(group: string, member: Member): void {
    const members = this.members.get(group) ?? [];
    const index = members.indexOf(member);
    if (index < 0) return;
    members.splice(index, 1);
    member.assign([]);
    this.share(members, member.topic);
  }

  /** A topic came into being. */
  topicCreated(topic: string): void {
    for (const members of this.members.values()) this.share(members, topic);
  }

  private share(group: readonly Member[], topic: string): void {
    const members = group.filter((member) => member.topic === topic);
    const partitions = this.partitionsOf(topic);
    members.forEach((member, index) => {
      member.assign(partitions.filter((partition) => partition % members.length === index));
    });
  }
}
