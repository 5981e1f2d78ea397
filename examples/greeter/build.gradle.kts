@file:OptIn(org.jetbrains.kotlin.gradle.ExperimentalWasmDsl::class)

plugins {
    kotlin("multiplatform") version "2.4.10"
}

kotlin {
    wasmWasi {
        nodejs()
        binaries.executable()
    }
}

// The same three lines for the guests of the sub-projects.
subprojects {
    apply(plugin = "org.jetbrains.kotlin.multiplatform")
}
