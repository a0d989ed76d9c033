namespace Farwire.Service.Dispatch;

/// <summary>A host's own decision about each operation, in the place of descriptors or before them.</summary>
public interface IOperationGate
{
    /// <summary>Lets an operation in, or faults. What it answers is disposed when the operation has ended.</summary>
    ValueTask<IDisposable> EnterAsync(OperationContext context);
}
