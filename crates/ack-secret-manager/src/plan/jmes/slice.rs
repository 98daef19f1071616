use super::PathError;

/// The places that a slice of a list of this length takes, in its order.
pub(super) fn places(
    length: usize,
    start: Option<i32>,
    end: Option<i32>,
    step: i32,
) -> Result<Vec<usize>, PathError> {
    if step == 0 {
        return Err(PathError::Step);
    }
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let backwards = step < 0;
    let capped = |place: i32| {
        let place = i64::from(place);
        let from_start = if place < 0 { place + length } else { place };
        if backwards {
            from_start.clamp(-1, length - 1)
        } else {
            from_start.clamp(0, length)
        }
    };
    let mut at = start.map_or(if backwards { length - 1 } else { 0 }, capped);
    let end = end.map_or(if backwards { -1 } else { length }, capped);
    let mut places = Vec::new();
    while if backwards { at > end } else { at < end } {
        places.extend(usize::try_from(at).ok());
        at += i64::from(step);
    }
    Ok(places)
}
