using System.Xml;
using BenchmarkDotNet.Attributes;
using Farwire.Cim.Instances;
using Farwire.Cim.Wql;
using Farwire.Protocol.Xml;

namespace Farwire.Benchmarks.Micro;

/// <summary>CIM instances: written, read, filtered.</summary>
public class Instances : IDisposable
{
    private readonly CimInstance _process = Samples.NewProcess(4711);
    private readonly InstanceWriter _writer = InstanceWriter.For(Samples.Process, Samples.ClassUri);
    private readonly XmlUtf8Writer _xml = new(1024 * 1024);
    private readonly InstanceReader _reader = new(name => name == Samples.Process.Name ? Samples.Process : null);
    private readonly WqlFilter _filter = new(
        WqlQuery.Parse("select Name from Win32_Process where ProcessId > 100 and (Name like 'far%' or WorkingSetSize < 1000)"), Samples.Process);

    [Benchmark]
    public int Write()
    {
        _xml.Truncate(0);
        _writer.Write(_xml, _process);
        return _xml.Length;
    }

    [Benchmark]
    public CimInstance Read()
    {
        using var xml = XmlDictionaryReader.CreateTextReader(Samples.ProcessXml, XmlDictionaryReaderQuotas.Max);
        xml.MoveToContent();
        return _reader.Read(new BodyReader(xml));
    }

    [Benchmark]
    public bool Filter() => _filter.Matches(_process);

    [Benchmark]
    public WqlQuery ParseQuery() => WqlQuery.Parse("select Name,ProcessId,WorkingSetSize from Win32_Process where ProcessId < 100");

    [GlobalCleanup]
    public void Dispose()
    {
        _xml.Dispose();
        GC.SuppressFinalize(this);
    }
}
