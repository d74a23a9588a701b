"""What librdkafka must be able to do with a broker. Prints one JSON line a check: {"check", "ok", "ms", "error"?}.

usage: checks.py HOST:PORT MESSAGES
"""

import json
import sys
import threading
import time
import traceback
import uuid

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    ConsumerGroupState,
    ConsumerGroupTopicPartitions,
    IsolationLevel,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
)

BROKERS, MESSAGES = sys.argv[1], int(sys.argv[2])
# The tests look after every error themselves; librdkafka's own log lines would only hide them.
COMMON = {"bootstrap.servers": BROKERS, "log_level": 0}
admin = AdminClient(COMMON)
checks = []


def check(function):
    checks.append(function)
    return function


def name(stem):
    return f"{stem}-{uuid.uuid4().hex[:8]}"


def topic(stem, partitions=1, config=None):
    created = name(stem)
    admin.create_topics([NewTopic(created, partitions, 1, config=config or {})])[created].result(10)
    wait_for(lambda: created in admin.list_topics(timeout=5).topics, "the new topic in metadata")
    return created


def wait_for(look, what, timeout=20.0):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {timeout} s for {what}")


def same(got, wanted, what):
    if got != wanted:
        raise AssertionError(f"{what}: got {str(got)[:300]}, wanted {str(wanted)[:300]}")


def produce(to, values, **config):
    failed = []
    producer = Producer({**COMMON, "acks": "all", "linger.ms": 5, **config})

    def delivered(error, _message):
        if error is not None:
            failed.append(str(error))

    for value in values:
        while True:
            try:
                producer.produce(to, value, key=value, on_delivery=delivered)
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    same(producer.flush(60), 0, "messages left in the producer")
    same(failed, [], "failed deliveries")


def consumer(group, **config):
    return Consumer(
        {
            **COMMON,
            "group.id": group,
            "check.crcs": True,
            "auto.offset.reset": "earliest",
            "session.timeout.ms": 6000,
            "heartbeat.interval.ms": 300,
            "fetch.wait.max.ms": 100,
            **config,
        }
    )


def take(reader, count, timeout=60.0):
    """Values of `count` messages, and whatever follows within half a second."""
    values, end = [], time.monotonic() + timeout
    while time.monotonic() < end:
        got = reader.consume(1000, timeout=0.5)
        for message in got:
            if message.error():
                raise KafkaException(message.error())
            values.append(message.value())
        if len(values) >= count and not got:
            return values
    raise AssertionError(f"{len(values)} of {count} messages in {timeout} s")


def read(subject, count, **config):
    reader = consumer(name("reader"), **config)
    reader.subscribe([subject])
    try:
        return take(reader, count)
    finally:
        reader.close()


@check
def administers_topics():
    made = topic("admin", 2, {"retention.bytes": "9437184"})
    resource = ConfigResource(ResourceType.TOPIC, made)
    described = admin.describe_configs([resource])[resource].result(10)
    same(described["retention.bytes"].value, "9437184", "retention.bytes")
    resource = ConfigResource(
        ResourceType.TOPIC,
        made,
        incremental_configs=[
            ConfigEntry("retention.bytes", "5242880", incremental_operation=AlterConfigOpType.SET)
        ],
    )
    admin.incremental_alter_configs([resource])[resource].result(10)
    resource = ConfigResource(ResourceType.TOPIC, made)
    wait_for(
        lambda: admin.describe_configs([resource])[resource].result(10)["retention.bytes"].value == "5242880",
        "the altered setting",
    )
    admin.create_partitions([NewPartitions(made, 5)])[made].result(10)
    wait_for(lambda: len(admin.list_topics(made, timeout=5).topics[made].partitions) == 5, "five partitions")
    cluster = admin.describe_cluster().result(10)
    same([f"{node.host}:{node.port}" for node in cluster.nodes], [BROKERS], "nodes")
    admin.delete_topics([made])[made].result(10)
    wait_for(lambda: made not in admin.list_topics(timeout=5).topics, "the topic to go")


def carries(compression):
    values = [f"{compression} {index} ".encode() * 10 for index in range(MESSAGES)]
    subject = topic("carried", 3)
    produce(subject, values, **{"enable.idempotence": True, "compression.type": compression})
    same(sorted(read(subject, len(values))), sorted(values), "messages read")


@check
def carries_plain_batches():
    carries("none")


@check
def carries_gzip_batches():
    carries("gzip")


@check
def carries_snappy_batches():
    carries("snappy")


@check
def carries_lz4_batches():
    carries("lz4")


@check
def carries_zstd_batches():
    carries("zstd")


@check
def keeps_headers_keys_and_times():
    subject = topic("whole")
    producer = Producer({**COMMON, "acks": "all"})
    sent_at = int(time.time() * 1000) - 3_600_000
    producer.produce(subject, b"v", b"k", headers=[("h", b"1"), ("h", b"2")], timestamp=sent_at)
    producer.produce(subject, None, b"tombstone")
    same(producer.flush(10), 0, "messages left")
    reader = consumer(name("reader"))
    reader.subscribe([subject])
    got = []
    wait_for(lambda: got.extend(reader.consume(10, timeout=0.2)) or len(got) >= 2, "two messages")
    reader.close()
    same((got[0].key(), got[0].value(), got[0].headers()), (b"k", b"v", [("h", b"1"), ("h", b"2")]), "message")
    same(got[0].timestamp()[1], sent_at, "time")
    same((got[1].key(), got[1].value()), (b"tombstone", None), "tombstone")


def rebalances(strategy):
    subject, group = topic("shared", 6), name("sharing")
    seen, lock, stops, threads = {}, threading.Lock(), [], []

    def member(stop):
        reader = consumer(group, **{"partition.assignment.strategy": strategy, "auto.commit.interval.ms": 100})
        reader.subscribe([subject])
        while not stop.is_set():
            for message in reader.consume(200, timeout=0.1):
                if message.error():
                    continue
                with lock:
                    seen[message.value()] = seen.get(message.value(), 0) + 1
        reader.close()

    def members():
        described = admin.describe_consumer_groups([group])[group].result(10)
        stable = described.state == ConsumerGroupState.STABLE
        return [len(m.assignment.topic_partitions) for m in described.members] if stable else None

    def start():
        stop = threading.Event()
        thread = threading.Thread(target=member, args=(stop,))
        thread.start()
        stops.append(stop)
        threads.append(thread)

    sent = []

    def load(count):
        values = [f"{len(sent) + index}".encode() for index in range(count)]
        produce(subject, values)
        sent.extend(values)

    try:
        start()
        wait_for(lambda: members() == [6], "one member with all partitions")
        load(MESSAGES // 4)
        start()
        start()
        load(MESSAGES // 4)
        wait_for(lambda: sorted(members() or []) == [2, 2, 2], "three members with two partitions each")
        load(MESSAGES // 4)
        stops[0].set()
        stops[1].set()
        load(MESSAGES // 4)
        wait_for(lambda: members() == [6], "one member with all partitions again")
        wait_for(lambda: len(seen) == len(sent), f"{len(sent)} messages")
    finally:
        for stop in stops:
            stop.set()
        for thread in threads:
            thread.join()
    same(sorted(seen), sorted(sent), "messages seen")


@check
def rebalances_eagerly_without_loss():
    rebalances("range,roundrobin")


@check
def rebalances_cooperatively_without_loss():
    rebalances("cooperative-sticky")


@check
def keeps_a_static_member_through_its_restart():
    subject, group = topic("static", 4), name("static")
    produce(subject, [b"1"])
    rebalances_seen = []

    def open_member(instance):
        reader = consumer(group, **{"group.instance.id": instance})
        reader.subscribe([subject], on_assign=lambda *_: rebalances_seen.append(instance))
        return reader

    one, two = open_member("one"), open_member("two")

    def settled():
        one.consume(10, timeout=0.1)
        two.consume(10, timeout=0.1)
        return len(one.assignment()) == 2 and len(two.assignment()) == 2

    wait_for(settled, "two partitions each")
    before = len([who for who in rebalances_seen if who == "one"])
    held = sorted(p.partition for p in two.assignment())
    two.close()
    two = open_member("two")

    def back():
        one.consume(10, timeout=0.1)
        two.consume(10, timeout=0.1)
        return len(two.assignment()) == 2

    wait_for(back, "the restarted member's partitions")
    same(sorted(p.partition for p in two.assignment()), held, "partitions of the restarted member")
    same(len([who for who in rebalances_seen if who == "one"]), before, "assignments of the other member")
    one.close()
    two.close()


@check
def hands_on_the_partitions_of_a_silent_member():
    subject, group = topic("silent", 2), name("silent")
    silent = consumer(group, **{"max.poll.interval.ms": 6000, "session.timeout.ms": 6000})
    silent.subscribe([subject])
    wait_for(lambda: silent.poll(0.1) is None and len(silent.assignment()) == 2, "an assignment")
    # It is not polled any more: after max.poll.interval.ms its library leaves the group.
    produce(subject, [b"a", b"b", b"c"])
    other = consumer(group)
    other.subscribe([subject])
    got = []
    wait_for(
        lambda: got.extend(other.consume(10, timeout=0.2)) or len(other.assignment()) == 2,
        "the partitions of the silent member",
        30,
    )
    other.close()
    silent.close()


@check
def commits_and_shows_lag():
    subject, group = topic("lag", 1), name("lag")
    produce(subject, [b"%d" % index for index in range(10)])
    reader = consumer(group, **{"enable.auto.commit": False})
    reader.subscribe([subject])
    same(len(take(reader, 10)), 10, "messages")
    reader.commit(offsets=[TopicPartition(subject, 0, 6)], asynchronous=False)
    same(reader.committed([TopicPartition(subject, 0)], timeout=10)[0].offset, 6, "committed offset")
    same(reader.get_watermark_offsets(TopicPartition(subject, 0), timeout=10), (0, 10), "watermarks")
    reader.close()
    listed = admin.list_consumer_groups().result(10)
    same(group in [entry.group_id for entry in listed.valid], True, "group listed")
    request = [ConsumerGroupTopicPartitions(group, [TopicPartition(subject, 0, 3)])]
    admin.alter_consumer_group_offsets(request)[group].result(10)
    asked = [ConsumerGroupTopicPartitions(group)]
    answered = admin.list_consumer_group_offsets(asked)[group].result(10)
    same([p.offset for p in answered.topic_partitions], [3], "altered offset")
    same(len(read_group(group, subject, 7)), 7, "messages after the altered offset")
    admin.delete_consumer_groups([group])[group].result(10)


def read_group(group, subject, count):
    reader = consumer(group)
    reader.subscribe([subject])
    try:
        return take(reader, count)
    finally:
        reader.close()


@check
def finds_offsets_by_time():
    subject = topic("timed")
    producer = Producer({**COMMON, "acks": "all", "linger.ms": 50})
    start = int(time.time() * 1000) - 60_000
    for index in range(20):
        producer.produce(subject, b"%d" % index, timestamp=start + index * 1000)
    producer.flush(10)
    partition = TopicPartition(subject, 0)

    def offset(spec):
        return admin.list_offsets({partition: spec})[partition].result(10).offset

    same(offset(OffsetSpec.earliest()), 0, "earliest")
    same(offset(OffsetSpec.latest()), 20, "latest")
    # All 20 are in one batch or a few: the exact message counts, not its batch.
    same(offset(OffsetSpec.for_timestamp(start + 7_000)), 7, "at the time of message 7")
    same(offset(OffsetSpec.for_timestamp(start + 7_001)), 8, "after the time of message 7")
    same(offset(OffsetSpec.for_timestamp(start + 19_001)), -1, "after all")
    same(offset(OffsetSpec.max_timestamp()), 19, "greatest time")


@check
def starts_at_the_log_start_when_its_offset_is_gone():
    subject, group = topic("trimmed"), name("trimmed")
    for index in range(10):
        produce(subject, [b"%d" % index])
    partition = TopicPartition(subject, 0, 4)
    same(admin.delete_records([partition])[partition].result(10).low_watermark, 4, "low watermark")
    reader = consumer(group)
    reader.assign([TopicPartition(subject, 0, 1)])
    same(take(reader, 6), [b"%d" % index for index in range(4, 10)], "messages from the log start")
    reader.close()


@check
def transacts():
    subject, source, group = topic("transacted", 2), topic("source"), name("moving")
    produce(source, [b"%d" % index for index in range(4)])
    reader = consumer(group, **{"enable.auto.commit": False})
    reader.subscribe([source])
    take(reader, 4)
    producer = Producer({**COMMON, "transactional.id": name("writer"), "transaction.timeout.ms": 20000})
    producer.init_transactions(20)

    def move(value, offset, commit):
        producer.begin_transaction()
        producer.produce(subject, value, partition=0)
        producer.produce(subject, value, partition=1)
        producer.flush(10)
        producer.send_offsets_to_transaction(
            [TopicPartition(source, 0, offset)], reader.consumer_group_metadata(), 20
        )
        if commit:
            producer.commit_transaction(20)
        else:
            producer.abort_transaction(20)

    move(b"kept", 2, True)
    move(b"dropped", 3, False)
    move(b"kept too", 4, True)
    committed = reader.committed([TopicPartition(source, 0)], timeout=10)[0].offset
    reader.close()
    same(committed, 4, "offset committed with the transaction")
    same(sorted(read(subject, 4)), [b"kept", b"kept", b"kept too", b"kept too"], "committed messages")
    everything = read(subject, 6, **{"isolation.level": "read_uncommitted"})
    same(len(everything), 6, "messages with those aborted")


@check
def fences_the_older_of_two_transactional_producers():
    subject, identity = topic("fenced"), name("writer")
    config = {**COMMON, "transactional.id": identity, "transaction.timeout.ms": 20000}
    old, young = Producer(config), Producer(config)
    old.init_transactions(20)
    old.begin_transaction()
    old.produce(subject, b"old")
    old.flush(10)
    young.init_transactions(20)
    young.begin_transaction()
    young.produce(subject, b"young")
    young.commit_transaction(20)
    try:
        old.commit_transaction(20)
        raise AssertionError("the fenced producer committed")
    except KafkaException as error:
        same(error.args[0].fatal() or error.args[0].txn_requires_abort(), True, "a fatal or aborting error")
    same(read(subject, 1), [b"young"], "committed messages")


@check
def refuses_what_is_too_large():
    subject = topic("limited", 1, {"max.message.bytes": "2000"})
    outcome = []
    producer = Producer({**COMMON, "acks": "all"})
    producer.produce(subject, b"x" * 5000, on_delivery=lambda error, _: outcome.append(error))
    producer.flush(10)
    same([error.code() for error in outcome], [KafkaError.MSG_SIZE_TOO_LARGE], "the delivery's error")


failures = 0
for function in checks:
    began = time.monotonic()
    result = {"check": function.__name__.replace("_", " "), "ok": True}
    try:
        function()
    except BaseException as error:  # noqa: BLE001 - each check reports, whatever it died of
        failures += 1
        result["ok"] = False
        result["error"] = "".join(traceback.format_exception(error))[-1500:]
    result["ms"] = round((time.monotonic() - began) * 1000)
    print(json.dumps(result), flush=True)
sys.exit(1 if failures else 0)
