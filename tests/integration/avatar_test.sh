#!/bin/bash
# Pictures of people: taken, made anew, served, replaced; and all that is no picture.
source "$(dirname "$0")/../lib.sh"

put_picture() { # TYPE FILE [CURL…]
    local type=$1 file=$2
    shift 2
    call PUT /api/me/avatar/ --header "Authorization: Bearer $access" --header "Content-Type: $type" \
        --data-binary "@$file" "$@"
}

put_form() { call PUT /api/me/avatar/ --header "Authorization: Bearer $access" "$@"; }
count_pictures() { find "$VAR/avatars" -name '*.webp' 2>/dev/null | wc -l; }

# put_written CONTENT-TYPE BEFORE AFTER: a form as a client writes it around a picture, byte by byte.
put_written() {
    { printf "%b" "$2"; cat "$work/good.jpeg"; printf "%b" "$3"; } >"$work/form"
    put_picture "$1" "$work/form"
}

takes_pictures() { put_picture image/png "$work/good.png"; [[ $status == 200 ]]; }

# is_decoded TYPE FILE: sends a picture. On a busy machine a large one can take longer than the service waits: then the
# answer is 503, and a client tries again.
is_decoded() {
    put_picture "$1" "$2"
    [[ $status != 503 ]]
}

tests/tools/pictures.py "$work" || fail "the pictures could not be made"
make_user avatar-ann

it "takes a picture as it is, and serves what was made of it"
for type in png jpeg webp gif; do
    put_picture "image/$type" "$work/good.$type"
    expect_status 200
    expect_json '.avatar | test("^/avatars/[0-9a-f]{2}/[0-9a-f]{64}-512.webp$")'
    path=$(read_answer .avatar)
    for size in 512 96; do
        call GET "${path/-512/-$size}"
        expect_status 200
        [[ $(head -c 4 "$work/body") == RIFF && $(head -c 12 "$work/body" | tail -c 4) == WEBP ]] ||
            fail "that is no WebP"
        expect_header Content-Type '^image/webp$'
        expect_header X-Content-Type-Options '^nosniff$'
        expect_header Cache-Control 'immutable'
        expect_header Content-Security-Policy "sandbox"
        expect_header Cross-Origin-Resource-Policy 'same-site'
        grep -qaE 'Exif|GPS|<script' "$work/body" && fail "something of the file is left"
    done
done
get_me
expect_json ".avatar == \"$path\""

it "takes a picture that one can see through"
put_picture image/png "$work/alpha.png"
expect_status 200

it "takes a picture of any declared type, because its bytes decide"
for type in image/jpg image/pjpeg image/png image/heic application/octet-stream 'image/jpeg; charset=binary' \
    IMAGE/JPEG; do
    put_picture "$type" "$work/good.jpeg"
    expect_status 200
done
call PUT /api/me/avatar/ --header "Authorization: Bearer $access" --header 'Content-Type:' \
    --data-binary "@$work/good.png"
expect_status 200
put_form --form "avatar=@$work/good.webp;type=image/png"
expect_status 200

it "takes a picture from a form"
put_form --form "avatar=@$work/good.png"
expect_status 200
put_form --form "avatar=@$work/good.jpeg;filename=../../../etc/passwd"
expect_status 200
put_form --form "avatar=@$work/good.webp;type=application/octet-stream"
expect_status 200
put_form --form "avatar=<$work/good.jpeg" # without a file name
expect_status 200
put_form --form "picture=@$work/good.png"
expect_problem 422 validation_failed
put_form --form "avatar=@$work/good.png" --form "is_verified=true"
expect_problem 422 validation_failed
put_form --form "avatar=hello"
expect_problem 422 validation_failed
put_form --header 'Content-Type: multipart/form-data' --data-binary x
expect_problem 400 bad_request

it "takes forms as other clients write them"
named='name="avatar"; filename="a.jpg"' typed='Content-Type: image/jpeg'
put_written 'multipart/form-data; boundary=5ba0' \
    "--5ba0\r\nContent-Disposition: form-data; $named\r\n$typed\r\nContent-Length: 1200\r\n\r\n" \
    '\r\n--5ba0--\r\n' # OkHttp
expect_status 200
put_written 'multipart/form-data; boundary=dart-http-boundary-zEDT_c+Z.f' \
    "--dart-http-boundary-zEDT_c+Z.f\r\ncontent-type: image/jpeg\r\ncontent-disposition: form-data; $named\r\n\r\n" \
    '\r\n--dart-http-boundary-zEDT_c+Z.f--\r\n'
expect_status 200
put_written 'multipart/form-data; boundary="f5a4-11"' \
    "--f5a4-11\r\nContent-Disposition: form-data; name=avatar; filename=a.jpg; filename*=utf-8''a.jpg\r\n\r\n" \
    '\r\n--f5a4-11--\r\n' # .NET
expect_status 200
put_written 'multipart/form-data; boundary=8sZb; charset=UTF-8' \
    "--8sZb\r\nContent-Disposition: form-data; $named\r\n$typed\r\nContent-Transfer-Encoding: binary\r\n\r\n" \
    '\r\n--8sZb--\r\n' # Apache HttpClient
expect_status 200
put_written 'multipart/form-data;boundary=cam' \
    '\r\n--cam \r\ncontent-disposition:form-data;name=avatar;filename=a.jpg\r\n\r\n' '\r\n--cam--'
expect_status 200
put_written 'multipart/form-data; boundary=cam' \
    '--cam\r\nContent-Disposition: form-data; name="avatar"\r\nContent-Transfer-Encoding: base64\r\n\r\n' '\r\n--cam--'
expect_problem 415 unsupported_media_type
put_written 'multipart/form-data; boundary=cam' '--cam\r\nContent-Disposition: form-data; name="avatar"\r\n\r\n' ''
expect_problem 400 bad_request

it "takes no other file, whatever it is called"
for file in svg html heic bmp pdf empty json; do
    put_picture image/png "$work/bad.$file"
    expect_problem 415 unsupported_media_type
    put_form --form "avatar=@$work/bad.$file;type=image/png;filename=x.png"
    expect_problem 415 unsupported_media_type
done
put_picture image/svg+xml "$work/bad.svg"
expect_problem 415 unsupported_media_type
put_picture application/json "$work/good.png"
expect_problem 415 unsupported_media_type
put_picture text/html "$work/good.png"
expect_problem 415 unsupported_media_type

it "takes pictures with other bytes after their end, and shows none of those"
for file in motion.jpeg newline.jpeg two.jpeg polyglot.png polyglot.jpeg polyglot.webp polyglot.gif; do
    put_picture "image/${file##*.}" "$work/$file"
    expect_status 200
    call GET "$(read_answer .avatar)"
    expect_status 200
    grep -qaE 'ftyp|<script' "$work/body" && fail "something of the file is left"
done

it "takes the first frame of a picture that moves"
for type in gif webp png; do
    put_picture "image/$type" "$work/moving.$type"
    expect_status 200
done

it "turns pictures upright in each format that can say how"
for type in jpeg png webp; do
    put_picture "image/$type" "$work/good.$type"
    level=$(read_answer .avatar)
    put_picture "image/$type" "$work/held-6.$type"
    expect_status 200
    [[ $type == png || $(read_answer .avatar) != "$level" ]] || fail "$type was not turned" # the PNG has one colour
done

it "takes no picture that is damaged or lies about its size"
for file in truncated.png truncated.jpeg truncated.webp truncated.gif lying.png garbage.png garbage.jpeg garbage.webp \
    garbage.gif frameless.webp; do
    put_picture "image/${file##*.}" "$work/$file"
    expect_problem 422 validation_failed
    expect_field /avatar invalid
done

it "takes pictures up to 50 megapixels, and decodes none beyond"
for file in pixels-50m.png pixels-50m.jpeg pixels-50m.webp pixels-50m-progressive.jpeg pixels-50m-memory.jpeg \
    side-65535.png; do
    wait_until 90 is_decoded "image/${file##*.}" "$work/$file"
    expect_status 200
done
for file in past-50m.png past-50m.jpeg past-50m.webp past-50m.gif past-memory.jpeg past-scans.jpeg side-65536.png \
    huge.png; do
    put_picture "image/${file##*.}" "$work/$file"
    expect_problem 422 validation_failed
    expect_field /avatar invalid
done

it "takes pictures up to 12 MiB, in a form too, and none beyond"
for file in largest.jpeg largest.png; do
    put_picture "image/${file##*.}" "$work/$file"
    expect_status 200
    put_form --form "avatar=@$work/$file"
    expect_status 200
done
put_picture image/jpeg "$work/past-largest.jpeg"
expect_problem 413 body_too_large
put_form --form "avatar=@$work/past-largest.jpeg"
expect_problem 413 body_too_large
cat "$work/largest.png" "$work/good.png" >"$work/past-nginx.png"
put_form --form "avatar=@$work/past-nginx.png"
expect_problem 413 body_too_large

it "lets a picture bomb harm nobody"
put_picture image/png "$work/bomb.png"
# 503: a slow machine took too long for it
[[ $status == 200 || $status == 422 || $status == 503 ]] || fail "status $status"
put_picture image/png "$work/good.png"
expect_status 200
[[ $(list_pids imager | wc -l) == 1 ]] || fail "the imager has gone"

it "replaces a dead imager"
kill -KILL "$(list_pids imager)"
wait_until 20 takes_pictures || fail "no picture is taken: $status"

it "answers 503 while nobody decodes, and keeps the old picture"
path=$(read_answer .avatar)
imager=$(list_pids imager)
kill -STOP "$imager"
put_picture image/jpeg "$work/good.jpeg" --max-time 60
expect_problem 503 service_unavailable
kill -CONT "$imager"
get_me
expect_json ".avatar == \"$path\""

it "needs a session, and shows nobody's picture under another's name"
call PUT /api/me/avatar/ --header 'Content-Type: image/png' --data-binary "@$work/good.png"
expect_problem 401 authentication_required
call POST /api/me/avatar/ --header "Authorization: Bearer $access"
expect_problem 405 method_not_allowed
expect_header Allow '^DELETE, PUT$'
for odd in /avatars/ /avatars/00/ /avatars/../csauth.ini "${path%.webp}" "$path/" /avatars/00/x-512.webp; do
    call GET "$odd"
    [[ $status == 404 || $status == 400 ]] || fail "$odd: $status"
done

it "takes the picture away, and sweeps what nobody shows"
call DELETE /api/me/avatar/ --header "Authorization: Bearer $access"
expect_status 200
expect_json '.avatar == null'
call DELETE /api/me/avatar/ --header "Authorization: Bearer $access"
expect_status 200
put_picture image/webp "$work/good.webp"
path=$(read_answer .avatar)
find "$VAR/avatars" -type f -exec touch -d '1 hour ago' {} +
swept=$(run_ctl avatar sweep) || fail "the sweep failed"
[[ $(count_pictures) == 2 ]] || fail "$(count_pictures) files are left: $swept"
call GET "$path"
expect_status 200

finish
