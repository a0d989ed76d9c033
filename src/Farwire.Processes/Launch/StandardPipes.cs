using System.IO.Pipes;
using Farwire.Processes.Tree;

namespace Farwire.Processes.Launch;

/// <summary>The three pipes of a program that is about to be started.</summary>
internal sealed class StandardPipes : IDisposable
{
    private readonly PipePair _input;
    private readonly PipePair _output;
    private readonly PipePair _errors;
    private bool _handedOver;

    private StandardPipes(PipePair input, PipePair output, PipePair errors) => (_input, _output, _errors) = (input, output, errors);

    /// <summary>The program's ends: what it reads, what it writes, what it writes about errors.</summary>
    public int[] ProgramEnds => [_input.ProgramEnd, _output.ProgramEnd, _errors.ProgramEnd];

    public static StandardPipes Open()
    {
        var input = PipePair.Open(PipeDirection.Out);
        PipePair? output = null;
        try
        {
            output = PipePair.Open(PipeDirection.In);
            return new StandardPipes(input, output, PipePair.Open(PipeDirection.In));
        }
        catch
        {
            input.Dispose();
            output?.Dispose();
            throw;
        }
    }

    /// <summary>The program runs: only it has its ends from now on.</summary>
    public RunningProcess Of(IProgramControl program)
    {
        _handedOver = true;
        return new RunningProcess(program, _input.Stream, _output.Stream, _errors.Stream);
    }

    public void Dispose()
    {
        foreach (var pipe in (ReadOnlySpan<PipePair>)[_input, _output, _errors])
        {
            if (_handedOver)
            {
                pipe.CloseProgramEnd();
            }
            else
            {
                pipe.Dispose();
            }
        }
    }
}
