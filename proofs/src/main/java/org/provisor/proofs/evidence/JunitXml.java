// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.activity.Result.Verdict;

import java.io.StringWriter;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// The results of an activity as JUnit writes them, which every CI system reads.
final class JunitXml {

    private JunitXml() {}

    /// One test suite, a test case each.
    static String of(Result result) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", result.activity());
            boolean notRun = result.verdict() == Verdict.NOT_RUN;
            xml.writeAttribute("tests", String.valueOf(notRun ? 1 : result.cases().size()));
            xml.writeAttribute("failures", String.valueOf(result.failures().size()));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", notRun ? "1" : "0");
            if (notRun) {
                xml.writeCharacters("\n  ");
                xml.writeStartElement("testcase");
                xml.writeAttribute("classname", result.activity());
                xml.writeAttribute("name", result.activity());
                xml.writeStartElement("skipped");
                xml.writeAttribute("message", result.summary());
                xml.writeEndElement();
                xml.writeEndElement();
            }
            for (Case each : result.cases()) {
                write(result, each, xml);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeCharacters("\n");
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private static void write(Result result, Case each, XMLStreamWriter xml)
            throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", result.activity());
        xml.writeAttribute("name", each.name());
        if (!each.passed()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("message", each.what().lines().findFirst().orElse(""));
            xml.writeCharacters(each.what());
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}
