package dev.quorate.architecture;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The five floors, seen from the top one, from which all of them can be seen. */
@AnalyzeClasses(packages = "dev.quorate", importOptions = ImportOption.DoNotIncludeTests.class)
class FloorsTest {
    @ArchTest
    static final ArchRule ARROWS_POINT_DOWNWARDS_ONLY = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.quorate..")
            .layer("crypto")
            .definedBy("dev.quorate.crypto..")
            .layer("usig")
            .definedBy("dev.quorate.usig..")
            .layer("core")
            .definedBy("dev.quorate.core..")
            .layer("transport")
            .definedBy("dev.quorate.transport..")
            .layer("sample")
            .definedBy("dev.quorate.sample..")
            .layer("simulator")
            .definedBy("dev.quorate.simulator..")
            .whereLayer("crypto")
            .mayNotAccessAnyLayer()
            .whereLayer("usig")
            .mayOnlyAccessLayers("crypto")
            .whereLayer("core")
            .mayOnlyAccessLayers("crypto", "usig")
            .whereLayer("transport")
            .mayOnlyAccessLayers("crypto", "usig", "core")
            .whereLayer("sample")
            .mayOnlyAccessLayers("crypto", "usig", "core", "transport")
            .whereLayer("simulator")
            .mayOnlyAccessLayers("crypto", "usig", "core", "transport")
            .ensureAllClassesAreContainedInArchitecture()
            .because("a floor that knows what stands on it cannot be used, tested or understood without it");
}
