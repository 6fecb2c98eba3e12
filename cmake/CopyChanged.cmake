# Copies every file under FROM to TO, but for those that are there with the same contents: what did
# not change keeps its time, and what is made of it is not made again.
#
#   cmake -DFROM=new -DTO=gen -P CopyChanged.cmake
file(GLOB_RECURSE files RELATIVE ${FROM} ${FROM}/*)
foreach(file IN LISTS files)
  get_filename_component(folder ${TO}/${file} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  file(COPY_FILE ${FROM}/${file} ${TO}/${file} ONLY_IF_DIFFERENT)
endforeach()
