using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using System.Xml;

namespace Farwire
{
    /// <summary>What the service or the way to it refused.</summary>
    public sealed class WSManFaultException : InvalidOperationException
    {
        public WSManFaultException(string message, uint code)
            : base(message)
        {
            Code = code;
            HResult = unchecked((int)code);
        }

        /// <summary>The number that Windows has for it; 0 when there is none.</summary>
        public uint Code { get; }
    }

    /// <summary>A computer, and how it is reached: words of the command winrm, and secrets that go through its environment.</summary>
    public sealed class Connection
    {
        public Connection(string name, string[] words, Hashtable secrets)
        {
            Name = name;
            Words = words;
            Secrets = secrets;
        }

        public string Name { get; }

        public string[] Words { get; }

        public Hashtable Secrets { get; }
    }

    /// <summary>The command <c>farwire winrm … -format:xml</c>. Elements come one by one as it writes them.</summary>
    public static class Command
    {
        /// <summary>The program; FARWIRE_PROGRAM, or farwire on the PATH.</summary>
        public static string Program => Environment.GetEnvironmentVariable("FARWIRE_PROGRAM") is string { Length: > 0 } program ? program : "farwire";

        /// <summary>Runs it, and gives the elements of a list, or the one that it answers.</summary>
        public static IEnumerable<XmlElement> Read(Connection connection, params string[] words)
        {
            using var process = Start(connection, words);
            var errors = process.StandardError.ReadToEndAsync();
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ConformanceLevel = ConformanceLevel.Fragment, IgnoreWhitespace = true };
            using (var reader = XmlReader.Create(process.StandardOutput, settings))
            {
                foreach (var element in Elements(reader, process, errors))
                {
                    yield return element;
                }
            }

            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw Fault(errors.Result, process.ExitCode);
            }
        }

        /// <summary>Runs it, and gives what it says.</summary>
        public static string Say(Connection connection, params string[] words)
        {
            using var process = Start(connection, words);
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : throw Fault(errors.Result + output, process.ExitCode);
        }

        /// <summary>A text in the quotes of <c>@{Name="text"}</c> and of selectors.</summary>
        public static string Quoted(object value) => value is null ? "$null"
            : "\"" + (value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)).Replace("\"", "\"\"") + "\"";

        private static IEnumerable<XmlElement> Elements(XmlReader reader, Process process, Task<string> errors)
        {
            var document = new XmlDocument { XmlResolver = null };
            while (true)
            {
                XmlElement element = null;
                try
                {
                    // A list stands in an element of its own.
                    while (reader.NodeType != XmlNodeType.Element || (reader.Depth == 0 && reader.LocalName == "Results"))
                    {
                        if (!reader.Read())
                        {
                            yield break;
                        }
                    }

                    element = document.ReadNode(reader) as XmlElement;
                }
                catch (XmlException e)
                {
                    process.WaitForExit();
                    throw process.ExitCode != 0 ? Fault(errors.Result, process.ExitCode) : new InvalidDataException("farwire answered no XML: " + e.Message, e);
                }

                yield return element;
            }
        }

        private static Process Start(Connection connection, string[] words)
        {
            var start = new ProcessStartInfo(Program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
            foreach (var word in new[] { "winrm" }.Concat(words).Concat(connection.Words))
            {
                start.ArgumentList.Add(word);
            }

            // Others on the machine can read the words of a command, and not its environment.
            foreach (DictionaryEntry secret in connection.Secrets)
            {
                start.Environment[(string)secret.Key] = (string)secret.Value;
            }

            try
            {
                var process = Process.Start(start);
                process.StandardInput.Close();
                return process;
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                throw new FileNotFoundException($"The program '{Program}' cannot be started ({e.Message}). Install the package farwire, or say in FARWIRE_PROGRAM where it is.", e);
            }
        }

        // WSManFault / Message = … / Error number:  -2144108526 0x80338012 / the text, and what helps.
        private static Exception Fault(string said, int exit)
        {
            var number = Regex.Match(said, @"Error number:\s+-?\d+ 0x([0-9A-Fa-f]{1,8})\s*\r?\n");
            return number.Success
                ? new WSManFaultException(said[(number.Index + number.Length)..].Trim(), Convert.ToUInt32(number.Groups[1].Value, 16))
                : new WSManFaultException(said.Trim() is { Length: > 0 } text ? text : $"farwire ended with the code {exit}.", 0);
        }
    }
}
