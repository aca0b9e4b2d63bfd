// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.provisor.proofs.book.Question;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// The book in a browser, from its files: an auditor's questions are answered, and steps are taken.
final class BookInBrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    @TempDir private static Path directory;
    private static ChromeDriver browser;

    /// How long a page may take on a busy machine before it is said that it does not come.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @BeforeAll
    static void start() {
        assumeTrue(
                Files.exists(CHROMIUM) && Files.exists(DRIVER),
                "install Debian's packages chromium and chromium-driver to look at the book");
        Path book = directory.resolve("book");
        assertEquals(0, Provisor.run(Provisor.commandLine(), "book", "--out", book.toString()));
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + directory.resolve("browser"));
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .usingAnyFreePort()
                        .withLogFile(new File(directory.toFile(), "driver.log"))
                        .build();
        browser = new ChromeDriver(service, options);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
    }

    static List<Question> questions() {
        return Question.all();
    }

    @Test
    void thereAreTwentyQuestions() {
        assertEquals(20, Question.all().size());
    }

    @ParameterizedTest
    @MethodSource("questions")
    void aQuestionIsAnsweredInThreeClicks(Question question) {
        assertTrue(question.clicks().size() <= 3, question.toString());
        show("index.html", 1100);
        for (String click : question.clicks()) {
            WebElement link =
                    browser.findElement(
                            click.endsWith("line")
                                    ? By.partialLinkText(click)
                                    : By.linkText(click));
            browser.executeScript("arguments[0].scrollIntoView({block: 'center'})", link);
            String target = Objects.requireNonNull(link.getAttribute("href"));
            link.click();
            await(page -> there().startsWith(target) && complete(), target);
        }
        String page = browser.findElement(By.tagName("main")).getText();
        assertTrue(page.contains(question.answer()), question + ":\n" + page);
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.html", "clause/mm.pin.html", "step.html", "rules.html"})
    void nothingIsWiderThanAPhone(String page) {
        show(page, 500);
        assertEquals(
                0L,
                browser.executeScript(
                        "return Math.max(0, document.documentElement.scrollWidth"
                                + " - document.documentElement.clientWidth)"));
        assertEquals(List.of(), browser.executeScript(UNNAMED), "controls without a name");
    }

    /// What a screen reader could not name.
    private static final String UNNAMED =
            "return [...document.querySelectorAll('input, select, textarea, button, a')]"
                    + ".filter(e => !(e.labels && e.labels.length) && !e.textContent.trim()"
                    + " && !e.getAttribute('aria-label')).map(e => e.outerHTML)";

    @Test
    void aRefusalIsExplainedByTheRowThatRefused() {
        step();
        choose("kind", "mmu_update: change an entry");
        choose("field-table", "d1.1");
        choose("field-frame", "d2.0");
        submit();
        assertEquals("returned -EBUSY", text(".answer"));
        assertTrue(text(".why").startsWith("Refused by mm.entry.get-frame/d"), text(".why"));
        String link = Objects.requireNonNull(find(".why a").getAttribute("href"));
        assertTrue(link.endsWith("clause/mm.entry.get-frame.html#row-d"), link);
        assertEquals(8, browser.findElements(By.cssSelector("#lights li.holds")).size());
    }

    @Test
    void stepsCanBeTakenBackAndShared() {
        step();
        int steps = browser.findElements(By.cssSelector("#program li")).size();
        choose("kind", "mmuext_op: unpin a table");
        choose("field-frame", "d1.0");
        submit();
        assertEquals("returned 0", text(".answer"));
        String shared = Objects.requireNonNull(browser.getCurrentUrl());
        find("#undo").click();
        assertEquals(steps, browser.findElements(By.cssSelector("#program li")).size());
        open(shared);
        assertEquals(steps + 3, browser.findElements(By.cssSelector("#program li")).size());
        assertEquals("returned 0", text(".answer"));
    }

    @Test
    void aTraceIsOpenedAndABadOneIsNot() throws Exception {
        step();
        String good =
                """
                world frames=12 devices=0 processors=1 linear
                domain d7 pages=2 shared=0 max=4 vcpus=1
                d7v0 xen_version 0
                """;
        find("#open").sendKeys(file("good.trace", good));
        await(page -> text("#world").contains("d7.1"), "the world of the trace");
        find("#open").sendKeys(file("bad.trace", "d7 jumps\n"));
        await(page -> !text("#problem").isEmpty(), "what is wrong with the trace");
        assertTrue(find("#world").getText().contains("d7.1"));
    }

    private static String file(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    /// Bars of the issue: what a reader waits for.
    @Test
    void nobodyWaits() {
        step();
        Object first =
                browser.executeScript(
                        "return performance.getEntriesByType('navigation')[0].duration");
        System.out.println("first view after " + first + " ms");
        for (int i = 0; i < 5; i++) {
            choose("kind", "mmuext_op: pin a table");
            submit();
        }
        String took = Objects.requireNonNull(find("#took").getAttribute("data-ms"));
        System.out.println("a step took " + took + " ms");
        assertTrue(Double.parseDouble(took) > 0);
    }

    private static void step() {
        show("step.html", 1400);
    }

    private static void show(String page, int width) {
        browser.manage().window().setSize(new Dimension(width, 900));
        open(directory.resolve("book").resolve(page).toUri().toString());
    }

    /// Opens a page from an empty one, so that what is looked at afterwards is surely the new one:
    /// a busy machine's driver comes back before the page does.
    private static void open(String url) {
        browser.get("about:blank");
        await(page -> there().equals("about:blank"), "an empty page");
        browser.get(url);
        await(page -> !there().equals("about:blank") && complete(), url);
    }

    private static String there() {
        return (String) Objects.requireNonNull(browser.executeScript("return location.href"));
    }

    private static boolean complete() {
        return "complete".equals(browser.executeScript("return document.readyState"));
    }

    private static void await(Function<WebDriver, Boolean> condition, String what) {
        new WebDriverWait(browser, PATIENCE)
                .withMessage(what)
                .ignoring(WebDriverException.class)
                .until(condition);
    }

    private static WebElement find(String selector) {
        return browser.findElement(By.cssSelector(selector));
    }

    private static String text(String selector) {
        return find(selector).getText();
    }

    private static void choose(String id, String option) {
        new Select(find("#" + id)).selectByVisibleText(option);
    }

    private static void submit() {
        find("#act button[type=submit]").click();
    }
}
