@file:OptIn(ExperimentalWasmDsl::class)

import org.jetbrains.kotlin.gradle.ExperimentalWasmDsl

plugins {
    kotlin("multiplatform") version "2.4.10"
}

kotlin {
    wasmWasi {
        nodejs()
        binaries.executable()
    }
}
