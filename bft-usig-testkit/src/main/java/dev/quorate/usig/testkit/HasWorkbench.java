package dev.quorate.usig.testkit;

/** What the parts of the contract have in common. */
interface HasWorkbench {
    /** New for each test. */
    Workbench bench();
}
