package com.example.card;

import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.testkit.UsigContract;

class CardUsigTest extends UsigContract {
    @Override
    protected UsigProvider provider() {
        return new CardUsigProvider();
    }
}
