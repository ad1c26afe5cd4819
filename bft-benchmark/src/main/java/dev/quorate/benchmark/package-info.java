/**
 * Measurements with JMH: {@code mvn -pl bft-benchmark -am -DskipTests package}, then {@code java -jar
 * bft-benchmark/target/benchmarks.jar}.
 */
package dev.quorate.benchmark;
