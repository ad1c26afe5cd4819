package dev.quorate.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.quorate.core.storage.Durability;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A contract that nothing breaks is worth nothing: for each of its tests there is a store that fails it. */
class EveryContractTestCanFailTest {
    @AfterEach
    void noDefectIsLeft() {
        BrokenStore.defect = new Defect();
        BrokenStore.durability = Durability.SYNC;
    }

    @Test
    void thereIsADefectForEveryTest() {
        Set<String> tests = Arrays.stream(ReplicaStoreContract.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(Defects.all().keySet()).isEqualTo(tests);
    }

    @Test
    void withoutADefectNothingFails() {
        assertThat(failures(selectClass(BrokenStore.class))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aDefectIsNoticed(String test) {
        BrokenStore.defect = Defects.all().get(test);
        if (test.equals("nothingIsKeptBetweenLossAndStartingOver")) {
            BrokenStore.durability = Durability.MEMORY; // The only mode in which a store loses what is not damaged.
        }
        Map<String, Throwable> failures = failures(selectMethod(BrokenStore.class, test));
        assertThat(failures).containsKey(test);
        assertThat(failures.get(test)).as("noticed, not stumbled over").isInstanceOf(AssertionError.class);
    }

    static Set<String> defects() {
        return Defects.all().keySet();
    }

    /** What failed, by the names of the tests. */
    private static Map<String, Throwable> failures(DiscoverySelector what) {
        Map<String, Throwable> failed = new TreeMap<>();
        TestExecutionListener listener = new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                result.getThrowable()
                        .filter(e -> result.getStatus() == TestExecutionResult.Status.FAILED)
                        .ifPresent(e -> failed.put(test.getDisplayName().replace("()", ""), e));
            }
        };
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(what)
                                .filters(EngineFilter.includeEngines("junit-jupiter"))
                                .build(),
                        listener);
        return failed;
    }
}
