use crate::{Codec, Input, Interface, Invalid, Native, Secret, Value};

/// Whatever it is, it is masked.
impl<T> Codec<Secret<T>> for Native
where
    Native: Codec<T>,
{
    const INTERFACE: Interface = <Native as Codec<T>>::INTERFACE;
    const IS_SECRET: bool = true;

    fn expected() -> String {
        <Native as Codec<T>>::expected()
    }

    fn decode(input: Input<'_>) -> Result<Secret<T>, Invalid> {
        <Native as Codec<T>>::decode(input).map(Secret::new)
    }

    fn encode(value: &Secret<T>) -> Value {
        <Native as Codec<T>>::encode(value.expose())
    }

    fn encode_structured(value: &Secret<T>) -> Value {
        <Native as Codec<T>>::encode_structured(value.expose())
    }

    fn schema() -> Value {
        <Native as Codec<T>>::schema()
    }
}
