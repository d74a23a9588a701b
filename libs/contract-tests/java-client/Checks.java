import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.*;
import org.apache.kafka.common.serialization.*;

/** What Apache's own client must be able to do with a broker: one line a check. Usage: Checks HOST:PORT MESSAGES */
public class Checks {
  static String brokers;
  static int messages;
  static Admin admin;
  static int failures = 0;

  interface Check {
    void run() throws Exception;
  }

  static void check(String name, Check body) {
    long began = System.nanoTime();
    String error = null;
    try {
      body.run();
    } catch (Throwable thrown) {
      failures += 1;
      error = thrown.toString();
      thrown.printStackTrace();
    }
    long ms = (System.nanoTime() - began) / 1_000_000;
    String tail = error == null ? "" : ",\"error\":\"" + error.replaceAll("[\\\\\"\\n]", " ") + "\"";
    System.out.println("{\"check\":\"" + name + "\",\"ok\":" + (error == null) + ",\"ms\":" + ms + tail + "}");
  }

  static void same(Object got, Object wanted, String what) {
    if (!Objects.equals(got, wanted)) throw new AssertionError(what + ": got " + got + ", wanted " + wanted);
  }

  static String name(String stem) {
    return stem + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  static String topic(String stem, int partitions) throws Exception {
    String made = name(stem);
    admin.createTopics(List.of(new NewTopic(made, partitions, (short) 1))).all().get();
    return made;
  }

  static Map<String, Object> config(Object... pairs) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", brokers);
    for (int at = 0; at < pairs.length; at += 2) config.put((String) pairs[at], pairs[at + 1]);
    return config;
  }

  static KafkaProducer<String, String> producer(Object... pairs) {
    return new KafkaProducer<>(config(pairs), new StringSerializer(), new StringSerializer());
  }

  static KafkaConsumer<String, String> consumer(String group, Object... pairs) {
    Map<String, Object> config = config("group.id", group, "auto.offset.reset", "earliest", "check.crcs", true,
        "heartbeat.interval.ms", 200, "session.timeout.ms", 6000, "isolation.level", "read_committed");
    config.putAll(config(pairs));
    return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
  }

  static List<String> take(KafkaConsumer<String, String> reader, int count) {
    List<String> values = new ArrayList<>();
    long end = System.currentTimeMillis() + 30_000;
    while (System.currentTimeMillis() < end) {
      ConsumerRecords<String, String> records = reader.poll(Duration.ofMillis(300));
      records.forEach(record -> values.add(record.value()));
      if (values.size() >= count && records.isEmpty()) return values;
    }
    throw new AssertionError(values.size() + " of " + count + " messages in 30 s");
  }

  static List<String> readAll(String topic, int count) {
    try (KafkaConsumer<String, String> reader = consumer(name("reader"))) {
      reader.subscribe(List.of(topic));
      List<String> values = new ArrayList<>(take(reader, count));
      Collections.sort(values);
      return values;
    }
  }

  public static void main(String[] args) throws Exception {
    brokers = args[0];
    messages = Integer.parseInt(args[1]);
    admin = Admin.create(config());

    check("administers topics and settings", () -> {
      String made = topic("admin", 2);
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, made);
      AlterConfigOp set = new AlterConfigOp(new ConfigEntry("retention.bytes", "7340032"), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
      String value = null;
      for (int tries = 0; tries < 50 && !"7340032".equals(value); tries += 1) {
        value = admin.describeConfigs(List.of(resource)).all().get().get(resource).get("retention.bytes").value();
        Thread.sleep(50);
      }
      same(value, "7340032", "retention.bytes");
      admin.createPartitions(Map.of(made, NewPartitions.increaseTo(4))).all().get();
      int partitions = 0;
      for (int tries = 0; tries < 50 && partitions != 4; tries += 1) {
        partitions = admin.describeTopics(List.of(made)).allTopicNames().get().get(made).partitions().size();
        Thread.sleep(50);
      }
      same(partitions, 4, "partitions");
      same(admin.describeCluster().nodes().get().size(), 1, "nodes");
      admin.deleteTopics(List.of(made)).all().get();
    });

    for (String compression : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
      check("carries " + compression + " batches of an idempotent producer", () -> {
        String topic = topic("carried", 3);
        List<String> values = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer("compression.type", compression, "linger.ms", 5)) {
          List<Future<RecordMetadata>> sent = new ArrayList<>();
          for (int index = 0; index < messages; index += 1) {
            values.add(compression + " message " + index);
            sent.add(producer.send(new ProducerRecord<>(topic, "" + index, values.get(index))));
          }
          for (Future<RecordMetadata> one : sent) one.get();
        }
        Collections.sort(values);
        same(readAll(topic, messages), values, "messages");
      });
    }

    for (String assignor : List.of("RangeAssignor", "CooperativeStickyAssignor")) {
      check("rebalances with the " + assignor, () -> {
        String topic = topic("shared", 6);
        String group = name("sharing");
        String strategy = "org.apache.kafka.clients.consumer." + assignor;
        Set<String> seen = ConcurrentHashMap.newKeySet();
        List<AtomicBoolean> stops = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        Runnable start = () -> {
          AtomicBoolean stop = new AtomicBoolean();
          Thread thread = new Thread(() -> {
            try (KafkaConsumer<String, String> reader = consumer(group, "partition.assignment.strategy", strategy)) {
              reader.subscribe(List.of(topic));
              while (!stop.get()) reader.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.value()));
            }
          });
          stops.add(stop);
          threads.add(thread);
          thread.start();
        };
        Callable<List<Integer>> shares = () -> {
          ConsumerGroupDescription described = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
          List<Integer> sizes = new ArrayList<>();
          if (described.groupState() != GroupState.STABLE) return sizes;
          described.members().forEach(member -> sizes.add(member.assignment().topicPartitions().size()));
          Collections.sort(sizes);
          return sizes;
        };
        int sent = 0;
        try (KafkaProducer<String, String> producer = producer()) {
          List<List<Integer>> stages = List.of(List.of(6), List.of(2, 2, 2), List.of(6));
          for (int stage = 0; stage < stages.size(); stage += 1) {
            if (stage == 0) start.run();
            if (stage == 1) for (int more = 0; more < 2; more += 1) start.run();
            if (stage == 2) for (int gone = 0; gone < 2; gone += 1) stops.get(gone).set(true);
            for (int index = 0; index < messages / 3; index += 1) {
              producer.send(new ProducerRecord<>(topic, "" + sent, "" + sent));
              sent += 1;
            }
            producer.flush();
            List<Integer> got = List.of();
            for (int tries = 0; tries < 400 && !got.equals(stages.get(stage)); tries += 1) {
              try {
                got = shares.call();
              } catch (ExecutionException notYet) {
                // The group is not there before its first member.
                if (!(notYet.getCause() instanceof GroupIdNotFoundException)) throw notYet;
              }
              Thread.sleep(50);
            }
            same(got, stages.get(stage), "partitions of each member");
          }
          for (int tries = 0; tries < 400 && seen.size() < sent; tries += 1) Thread.sleep(50);
        } finally {
          stops.forEach(stop -> stop.set(true));
          for (Thread thread : threads) thread.join();
        }
        same(seen.size(), sent, "different messages seen");
      });
    }

    check("commits the offsets of a group with a transaction, or not at all", () -> {
      String source = topic("source", 1);
      String target = topic("target", 2);
      String group = name("moving");
      try (KafkaProducer<String, String> plain = producer()) {
        for (int index = 0; index < 4; index += 1) plain.send(new ProducerRecord<>(source, "" + index)).get();
      }
      try (KafkaProducer<String, String> writer = producer("transactional.id", name("writer"));
          KafkaConsumer<String, String> reader = consumer(group, "enable.auto.commit", false)) {
        reader.subscribe(List.of(source));
        take(reader, 4);
        writer.initTransactions();
        TopicPartition partition = new TopicPartition(source, 0);
        for (int offset = 2; offset <= 4; offset += 1) {
          writer.beginTransaction();
          writer.send(new ProducerRecord<>(target, 0, null, "move " + offset));
          writer.send(new ProducerRecord<>(target, 1, null, "move " + offset));
          writer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(offset)), reader.groupMetadata());
          if (offset == 3) writer.abortTransaction();
          else writer.commitTransaction();
        }
        same(reader.committed(Set.of(partition)).get(partition).offset(), 4L, "committed offset");
      }
      same(readAll(target, 4), List.of("move 2", "move 2", "move 4", "move 4"), "committed messages");
    });

    check("fences the older of two transactional producers", () -> {
      String topic = topic("fenced", 1);
      String id = name("writer");
      try (KafkaProducer<String, String> old = producer("transactional.id", id);
          KafkaProducer<String, String> young = producer("transactional.id", id)) {
        old.initTransactions();
        old.beginTransaction();
        old.send(new ProducerRecord<>(topic, "old")).get();
        young.initTransactions();
        young.beginTransaction();
        young.send(new ProducerRecord<>(topic, "young"));
        young.commitTransaction();
        try {
          old.commitTransaction();
          throw new AssertionError("the fenced producer committed");
        } catch (ProducerFencedException | InvalidProducerEpochException expected) {
          same(readAll(topic, 1), List.of("young"), "committed messages");
        }
      }
    });

    check("finds offsets, deletes messages, and manages groups", () -> {
      String topic = topic("offsets", 1);
      String group = name("managed");
      TopicPartition partition = new TopicPartition(topic, 0);
      long start = System.currentTimeMillis() - 60_000;
      try (KafkaProducer<String, String> plain = producer("linger.ms", 50)) {
        for (int index = 0; index < 10; index += 1) {
          plain.send(new ProducerRecord<>(topic, 0, start + index * 1000L, null, "" + index));
        }
      }
      Map<OffsetSpec, Long> wanted = Map.of(OffsetSpec.earliest(), 0L, OffsetSpec.latest(), 10L,
          OffsetSpec.forTimestamp(start + 2500), 3L, OffsetSpec.maxTimestamp(), 9L);
      for (Map.Entry<OffsetSpec, Long> entry : wanted.entrySet()) {
        long offset = admin.listOffsets(Map.of(partition, entry.getKey())).all().get().get(partition).offset();
        same(offset, entry.getValue(), entry.getKey().getClass().getSimpleName());
      }
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4))).all().get();
      try (KafkaConsumer<String, String> reader = consumer(group, "group.instance.id", "fixed")) {
        reader.subscribe(List.of(topic));
        same(take(reader, 6), List.of("4", "5", "6", "7", "8", "9"), "messages from the log start");
      }
      // A static member stays in its group until it is removed or its session ends.
      admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions(
          List.of(new MemberToRemove("fixed")))).all().get();
      same(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(partition).offset(), 10L,
          "committed offset");
      admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(7))).all().get();
      admin.deleteConsumerGroupOffsets(group, Set.of(partition)).all().get();
      admin.deleteConsumerGroups(List.of(group)).all().get();
    });

    admin.close();
    System.exit(failures == 0 ? 0 : 1);
  }
}
