//! The payload of a loss record: the loss's tag, then its settings as f32; those at the end that have their defaults are left
//! out, so a loss without settings is one byte, and settings that are added later have their defaults in older files.

use super::FormatError;
use crate::loss::AnyLoss;
use crate::setting::{Refused, Settings};

/// The loss of a payload whose record stands at byte `offset` of the file.
#[inline(never)] // a device that only infers has it once, away from the loop over all records
pub(super) fn read(payload: &[u8], offset: usize) -> Result<AnyLoss, FormatError> {
    let malformed = FormatError::Malformed { offset };
    let (&found, settings) = payload.split_first().ok_or(malformed)?;
    let mut loss = AnyLoss::from_tag(found).ok_or(FormatError::Tag { what: "loss", found, offset })?;
    let (values, []) = settings.as_chunks() else { return Err(malformed) };
    for (index, &value) in values.iter().enumerate() {
        loss.set(index, f32::from_le_bytes(value)).map_err(|refused| match refused {
            Refused::NoSuchSetting => malformed,
            Refused::OutOf(_) => FormatError::Value { what: "loss setting", offset },
        })?;
    }
    Ok(loss)
}

/// Writes the payload to the start of `buffer`; `None` if that is too small.
pub(super) fn write(loss: AnyLoss, buffer: &mut [u8]) -> Option<&[u8]> {
    let count = (0..loss.names().len()).rev().find(|&index| !is_default(loss, index)).map_or(0, |last| last + 1);
    let buffer = buffer.get_mut(..1 + size_of::<f32>() * count)?;
    let (tag, settings) = buffer.split_first_mut()?;
    *tag = loss.tag();
    for (index, place) in settings.as_chunks_mut().0.iter_mut().enumerate() {
        *place = loss.nth_setting(index)?.to_le_bytes();
    }
    Some(buffer)
}

fn is_default(loss: AnyLoss, index: usize) -> bool {
    let bits = |loss: AnyLoss| loss.nth_setting(index).map(f32::to_bits);
    AnyLoss::from_tag(loss.tag()).is_some_and(|default| bits(default) == bits(loss))
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use crate::format::FormatError;
    use crate::loss::{AnyLoss, BinaryFocalCrossentropy, Hinge, Huber};

    fn bytes(loss: AnyLoss) -> std::vec::Vec<u8> {
        write(loss, &mut [0xee; 64]).unwrap().to_vec()
    }

    #[test]
    fn defaults_are_one_byte_and_settings_follow_up_to_the_last_that_is_none() {
        for loss in AnyLoss::ALL {
            assert_eq!(bytes(*loss), [loss.tag()], "{loss}");
        }
        let huber = Huber.with("delta", 2.0).unwrap();
        assert_eq!(bytes(huber.into()), [4, 0, 0, 0, 0x40]);
        let focal = BinaryFocalCrossentropy.with("alpha", 0.5).unwrap();
        assert_eq!(bytes(focal.into()), [8, 0, 0, 0, 0, 0, 0, 0, 0x3f]);
    }

    #[test]
    fn every_loss_is_read_as_it_was_written() {
        for &loss in AnyLoss::ALL {
            assert_eq!(read(&bytes(loss), 0), Ok(loss));
            for name in loss.setting_names() {
                let changed = loss.with(name, 1.0).unwrap();
                assert_eq!(read(&bytes(changed), 0), Ok(changed));
            }
        }
    }

    #[test]
    fn what_is_no_loss_is_refused() {
        let huber = bytes(Huber.with("delta", 2.0).unwrap().into());
        let malformed = Err(FormatError::Malformed { offset: 7 });
        assert_eq!(read(&[], 7), malformed);
        assert_eq!(read(&huber[..4], 7), malformed);
        assert_eq!(read(&[&huber[..], &[0; 4]].concat(), 7), malformed);
        assert_eq!(read(&[bytes(Hinge.into()), std::vec![0; 4]].concat(), 7), malformed);
        assert_eq!(read(&[4, 0, 0, 0, 0xc0], 7), Err(FormatError::Value { what: "loss setting", offset: 7 }));
        assert_eq!(read(&[200], 7), Err(FormatError::Tag { what: "loss", found: 200, offset: 7 }));
        assert_eq!(write(Huber.into(), &mut []), None);
    }
}
