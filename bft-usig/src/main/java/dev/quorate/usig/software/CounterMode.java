package dev.quorate.usig.software;

import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigDurability;

/** The setting {@code counter}: where a software USIG keeps its counter. Bound to an epoch, so it changes with one. */
enum CounterMode {
    /** In a file, synced before an identifier is given out. The default, because it asks nothing of the caller. */
    SYNCED(1, "synced", UsigDurability.DURABLE, 1024),
    /** In the caller's log. Two records say how much the log has to know at least. */
    LOG(2, "log", UsigDurability.LOG, 2),
    /** Nowhere. */
    VOLATILE(3, "volatile", UsigDurability.VOLATILE, 0);

    private static final int MAX_UNCONFIRMED = 1024;

    static final String SETTING = "counter";

    private final int code;
    private final String configName;
    private final UsigDurability durability;
    private final int slots;

    CounterMode(int code, String configName, UsigDurability durability, int slots) {
        this.code = code;
        this.configName = configName;
        this.durability = durability;
        this.slots = slots;
    }

    /** What stands for it in a state file. */
    byte code() {
        return (byte) code;
    }

    /** The one that {@link #code} stands for; throws {@link IllegalArgumentException} if there is none. */
    static CounterMode ofCode(byte code) {
        for (CounterMode mode : values()) {
            if (mode.code == code) {
                return mode;
            }
        }
        throw new IllegalArgumentException("mode " + code);
    }

    String configName() {
        return configName;
    }

    UsigDurability durability() {
        return durability;
    }

    /** How many records the state file of a new epoch has room for. */
    int slots() {
        return slots;
    }

    /** The ring of a state file has room for as many. */
    int maxUnconfirmed() {
        return MAX_UNCONFIRMED;
    }

    /** The one that is set; throws {@link IllegalArgumentException} for an unknown name. */
    static CounterMode of(UsigContext context) {
        String name = context.setting(SETTING, SYNCED.configName);
        for (CounterMode mode : values()) {
            if (mode.configName.equals(name)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                "the USIG's setting '" + SETTING + "' is synced, log or volatile, not '" + name + "'");
    }
}
